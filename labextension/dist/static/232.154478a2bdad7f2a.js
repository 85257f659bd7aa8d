"use strict";(self.rspackChunkgospark=self.rspackChunkgospark||[]).push([[232],{28(o,r,e){var t=e(29),n=e.n(t),a=e(30),s=e.n(a),i=e(31),l=e(32),p=e(33),g=e(34),d=e(35),c=s()(n());c.i(i.A),c.i(l.A),c.i(p.A),c.i(g.A),c.i(d.A),c.push([o.id,`
`,""]),e.d(r,{},{A:c})},33(o,r,e){var t=e(29),n=e.n(t),a=e(30),s=(e.n(a))()(n());s.push([o.id,`/* The tree of catalogs. */

.gs-Tabs {
  border-bottom: var(--jp-border-width) solid var(--jp-border-color2);
  display: flex;
}

.gs-Tabs [role='tab'] {
  background: none;
  border: none;
  border-bottom: 2px solid transparent;
  color: var(--jp-ui-font-color1);
  cursor: pointer;
  flex: 1;
  font: inherit;
  padding: 6px 12px;
}

.gs-Tabs [role='tab']:hover {
  background: var(--jp-layout-color2);
}

.gs-Tabs [role='tab'][aria-selected='true'] {
  border-color: var(--jp-brand-color1);
  font-weight: 600;
}

.gs-Tabs [role='tab']:focus-visible,
.gs-Icon:focus-visible,
.gs-Tree:focus-visible {
  outline: 2px solid var(--jp-brand-color1);
  outline-offset: -2px;
}

.gs-CatalogBar {
  align-items: center;
  background: var(--jp-layout-color1);
  display: flex;
  gap: 4px;
  padding: 8px 12px;
  position: sticky;
  top: 0;
  z-index: 1;
}

.gs-CatalogBar > :first-child {
  flex: 1;
  min-width: 0;
}

.gs-Icon {
  background: none;
  border: none;
  cursor: pointer;
  flex: none;
  line-height: 0;
  padding: 5px;
}

.gs-Icon:hover {
  background: var(--jp-layout-color2);
}

.gs-Row {
  align-items: center;
  cursor: default;
  display: flex;
  flex-wrap: wrap;
  gap: 0 5px;
  line-height: 24px;
  padding-right: 8px;
  position: relative;
  user-select: none;
}

.gs-Row:hover {
  background: var(--jp-layout-color2);
}

.gs-Row.gs-mod-selected {
  background: color-mix(in srgb, var(--jp-brand-color1) 18%, var(--jp-layout-color1));
}

.gs-Tree:focus .gs-Row.gs-mod-selected {
  box-shadow: inset 3px 0 var(--jp-brand-color1);
}

.gs-Row .gs-name {
  flex: none;
  max-width: 75%;
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}

.gs-Row.gs-mod-current .gs-name {
  font-weight: 600;
}

.gs-Row .gs-about {
  color: var(--jp-ui-font-color1);
  flex: 1;
  min-width: 0;
  opacity: 0.85;
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}

.gs-Row .gs-remark {
  flex-basis: 100%;
  line-height: 1.4;
  margin: 0 0 4px 34px;
  padding-left: 8px;
}

.gs-twisty {
  flex: none;
  height: 24px;
  position: relative;
  width: 14px;
}

.gs-twisty::before {
  border-bottom: 4px solid transparent;
  border-left: 5px solid var(--jp-ui-font-color2);
  border-top: 4px solid transparent;
  content: '';
  left: 5px;
  position: absolute;
  top: 8px;
}

.gs-twisty.gs-mod-open::before {
  transform: rotate(90deg);
}

.gs-twisty.gs-mod-none::before {
  display: none;
}

.gs-kind {
  flex: none;
  line-height: 0;
}

.gs-Peek {
  background: var(--jp-layout-color1);
  border: var(--jp-border-width) solid var(--jp-border-color1);
  border-radius: 2px;
  color: var(--jp-ui-font-color1);
  cursor: pointer;
  flex: none;
  font-size: var(--jp-ui-font-size0);
  line-height: 16px;
  padding: 0 6px;
  visibility: hidden;
}

.gs-Row:hover .gs-Peek,
.gs-Tree:focus .gs-mod-selected .gs-Peek {
  visibility: visible;
}

.gs-Panel .gs-CatalogNote {
  padding: 8px 12px;
}

.gs-Panel .gs-CatalogNote.gs-mod-error {
  margin: 0 12px 8px;
  padding: 0 8px;
}

/* The first rows of a table. */

.gs-Preview {
  background: var(--jp-layout-color1);
  overflow: auto;
  padding: 8px 12px;
}
`,""]),e.d(r,{},{A:s})},32(o,r,e){var t=e(29),n=e.n(t),a=e(30),s=(e.n(a))()(n());s.push([o.id,`/* The log of the server. */

.gs-LogPanel {
  background: var(--jp-layout-color1);
  color: var(--jp-ui-font-color1);
  display: flex;
  flex-direction: column;
  font-size: var(--jp-ui-font-size1);
}

.gs-LogBar {
  align-items: center;
  border-bottom: var(--jp-border-width) solid var(--jp-border-color2);
  display: flex;
  flex: none;
  flex-wrap: wrap;
  gap: 6px;
  padding: 6px 8px;
}

.gs-LogBar input[type='search'].jp-mod-styled,
.gs-LogBar select.jp-mod-styled {
  background: var(--jp-layout-color1);
  border: var(--jp-border-width) solid var(--jp-border-color1);
  box-sizing: border-box;
  color: var(--jp-ui-font-color0);
  font-size: var(--jp-ui-font-size1);
  height: 26px;
  padding: 0 6px;
  width: 180px;
}

.gs-LogBar select.jp-mod-styled {
  flex: none;
  width: auto;
}

.gs-check {
  align-items: center;
  display: flex;
  gap: 4px;
}

.gs-count {
  color: var(--jp-ui-font-color2);
  margin-left: auto;
}

.gs-LogPanel > .gs-empty,
.gs-LogPanel > .gs-remark {
  margin: 8px 12px;
}

.gs-Lines {
  flex: 1;
  font-family: var(--jp-code-font-family);
  font-size: var(--jp-code-font-size);
  min-height: 0;
  overflow: auto;
}

.gs-Window {
  min-width: 100%;
  position: sticky;
  top: 0;
  width: max-content;
}

.gs-Line {
  border-left: 3px solid transparent;
  height: 18px;
  line-height: 18px;
  padding: 0 8px;
  white-space: pre;
}

.gs-Line.gs-mod-level1 {
  color: var(--jp-ui-font-color2);
}

.gs-Line.gs-mod-level3 {
  background: color-mix(in srgb, var(--jp-warn-color1) 12%, transparent);
  border-color: var(--jp-warn-color1);
}

.gs-Line.gs-mod-level4 {
  background: color-mix(in srgb, var(--jp-error-color1) 12%, transparent);
  border-color: var(--jp-error-color1);
}

.gs-Line.gs-mod-marked {
  background: var(--jp-layout-color3);
}

.gs-Line mark {
  background: var(--jp-search-selected-match-background-color, var(--jp-warn-color2));
  color: var(--jp-search-selected-match-color, inherit);
}
`,""]),e.d(r,{},{A:s})},35(o,r,e){var t=e(29),n=e.n(t),a=e(30),s=(e.n(a))()(n());s.push([o.id,`/* What Spark does for a cell: one slim line under its text, and the details below it. */

.gs-CellMonitor {
  box-sizing: border-box;
  flex: none;
  margin-left: calc(var(--jp-cell-collapser-width) + var(--jp-cell-prompt-width));
  padding: 2px 0 2px 8px;
}

.gs-MonitorPanel {
  background: var(--jp-layout-color1);
  box-sizing: border-box;
  color: var(--jp-ui-font-color1);
  overflow-y: auto;
  padding-bottom: 12px;
}

.gs-MonitorPanel .gs-Run,
.gs-MonitorPanel > .gs-empty,
.gs-MonitorPanel > .gs-remark {
  border-bottom: var(--jp-border-width) solid var(--jp-border-color2);
  margin: 0;
  padding: 6px 12px;
}

/* The extension shows it: the kernel's own line is for other front ends. */
.gs-monitored .jp-OutputArea-child:has(.gs-p.gs-work) {
  display: none;
}

.gs-Run {
  color: var(--jp-ui-font-color1);
  font-family: var(--jp-ui-font-family);
  font-size: var(--jp-ui-font-size1);
  font-variant-numeric: tabular-nums;
  line-height: 1.5;
}

.gs-Run-line {
  align-items: center;
  display: flex;
  flex-wrap: wrap;
  gap: 2px 10px;
  min-height: 22px;
}

.gs-Run button {
  background: none;
  border: none;
  border-radius: var(--jp-border-radius);
  color: inherit;
  cursor: pointer;
  font: inherit;
  margin: 0;
  padding: 0;
}

.gs-Run button:focus-visible,
.gs-Run-parts:focus-visible,
.gs-ToolbarItem button:focus-visible {
  outline: 2px solid var(--jp-brand-color1);
  outline-offset: 1px;
}

.gs-Run button.gs-Run-fold {
  align-items: center;
  column-gap: 8px;
  display: flex;
  flex-wrap: wrap;
  min-width: 0;
  padding: 1px 4px 1px 0;
  text-align: left;
}

.gs-Run button.gs-Run-fold:hover {
  background: var(--jp-layout-color2);
}

.gs-Run-arrow {
  border-bottom: 4px solid transparent;
  border-left: 5px solid var(--jp-ui-font-color2);
  border-top: 4px solid transparent;
  flex: none;
  margin: 0 3px;
}

.gs-Run-fold[aria-expanded='true'] .gs-Run-arrow {
  transform: rotate(90deg);
}

.gs-Run-state {
  font-weight: 600;
}

.gs-Run.gs-mod-done .gs-Run-state {
  color: var(--jp-ui-font-color2);
  font-weight: 400;
}

.gs-Run.gs-mod-failed .gs-Run-state,
.gs-Run.gs-mod-cancelled .gs-Run-state {
  color: var(--jp-error-color1);
}

.gs-Run-words {
  color: var(--jp-ui-font-color2);
}

.gs-Run-notes {
  border: var(--jp-border-width) solid var(--jp-warn-color1);
  border-radius: 8px;
  font-size: var(--jp-ui-font-size0);
  padding: 0 7px;
}

.gs-Run button.gs-Run-cancel,
.gs-ToolbarItem button.gs-Run-cancel {
  background: var(--jp-layout-color1);
  border: var(--jp-border-width) solid var(--jp-border-color1);
  border-radius: var(--jp-border-radius);
  color: var(--jp-ui-font-color1);
  cursor: pointer;
  font-size: var(--jp-ui-font-size0);
  line-height: 16px;
  padding: 0 8px;
}

.gs-Run button.gs-Run-cancel:hover,
.gs-ToolbarItem button.gs-Run-cancel:hover {
  background: var(--jp-error-color1);
  border-color: var(--jp-error-color1);
  color: var(--jp-layout-color0);
}

.gs-Run button.gs-Run-cell {
  color: var(--jp-ui-font-color1);
  flex: 1 1 100%;
  font-family: var(--jp-code-font-family);
  font-size: var(--jp-code-font-size);
  overflow: hidden;
  text-align: left;
  text-overflow: ellipsis;
  white-space: nowrap;
}

.gs-Run-cell span {
  color: var(--jp-cell-inprompt-font-color);
}

.gs-Run-fold .gs-Bar,
.gs-ToolbarItem .gs-Bar {
  flex: none;
  width: 120px;
}

.gs-ToolbarItem .gs-Bar {
  width: 48px;
}

.gs-Run .gs-Bar,
.gs-ToolbarItem .gs-Bar {
  background: var(--jp-layout-color3);
  border-radius: 2px;
  display: inline-block;
  height: 4px;
  margin: 0;
  overflow: hidden;
}

.gs-Run .gs-Bar > span,
.gs-ToolbarItem .gs-Bar > span {
  background: var(--jp-brand-color1);
  border-radius: 2px;
  display: block;
  height: 100%;
  transition: width 0.3s;
}

.gs-Run .gs-Bar.gs-mod-endless > span {
  animation: gs-slide 1.4s ease-in-out infinite alternate;
  width: 30%;
}

@keyframes gs-slide {
  to {
    margin-left: 70%;
  }
}

/* The details. */

.gs-Run-details {
  border-left: 2px solid var(--jp-border-color2);
  margin: 4px 0 4px 5px;
  max-width: 860px;
  padding-left: 12px;
}

.gs-Load {
  margin: 0 0 6px;
}

.gs-Load figcaption {
  color: var(--jp-ui-font-color2);
  display: flex;
  font-size: var(--jp-ui-font-size0);
  gap: 14px;
}

.gs-Load-time {
  margin-left: auto;
}

.gs-Load-tasks::before,
.gs-Load-cores::before {
  border-top: 2px solid var(--jp-brand-color1);
  content: '';
  display: inline-block;
  margin-right: 5px;
  vertical-align: middle;
  width: 12px;
}

.gs-Load-cores::before {
  border-top: 2px dashed var(--jp-ui-font-color2);
}

.gs-Load svg {
  border-bottom: var(--jp-border-width) solid var(--jp-border-color1);
  display: block;
  height: 44px;
  width: 100%;
}

.gs-Load path {
  fill: none;
  vector-effect: non-scaling-stroke;
}

.gs-Load path.gs-Load-area {
  fill: var(--jp-brand-color1);
  opacity: 0.18;
}

.gs-Load-line {
  stroke: var(--jp-brand-color1);
  stroke-width: 1.5px;
}

.gs-Load-limit {
  stroke: var(--jp-ui-font-color2);
  stroke-dasharray: 4 3;
  stroke-width: 1px;
}

.gs-Run p.gs-remark {
  font-size: var(--jp-ui-font-size0);
  margin: 4px 0;
}

.gs-Run p.gs-remark code {
  font-family: var(--jp-code-font-family);
  font-size: inherit;
}

.gs-Run-parts {
  max-height: 240px;
  overflow: auto;
}

.gs-Run-parts table {
  border-collapse: collapse;
  font-size: var(--jp-ui-font-size0);
  table-layout: fixed;
  width: 100%;
}

.gs-Run-parts th,
.gs-Run-parts td {
  font-weight: 400;
  overflow: hidden;
  padding: 1px 12px 1px 0;
  text-align: left;
  text-overflow: ellipsis;
  white-space: nowrap;
}

/* As what is below it: the notebook here, the tab there. In the dark theme they differ. */
.gs-Run-parts thead th {
  background: var(--jp-layout-color0);
  color: var(--jp-ui-font-color2);
  position: sticky;
  top: 0;
}

.gs-MonitorPanel .gs-Run-parts thead th {
  background: var(--jp-layout-color1);
}

.gs-Run-parts thead th:nth-child(1) {
  width: 24%;
}

.gs-Run-parts thead th:nth-child(2) {
  width: 130px;
}

.gs-Run-parts thead th:nth-child(4) {
  width: 60px;
}

.gs-Run-parts .gs-mod-operation th {
  font-weight: 600;
}

.gs-Run-parts .gs-Run-cancel {
  margin-left: 8px;
  padding: 0 5px;
}

.gs-Run-parts .gs-mod-job th {
  padding-left: 12px;
}

.gs-Run-parts .gs-mod-stage th {
  color: var(--jp-ui-font-color2);
  padding-left: 24px;
}

.gs-Run-tasks .gs-Bar {
  margin-right: 8px;
  vertical-align: middle;
  width: 48px;
}

.gs-Run-tasks em {
  color: var(--jp-error-color1);
  font-style: normal;
  margin-left: 6px;
}

td.gs-Run-when > span {
  background: var(--jp-layout-color4);
  border-radius: 2px;
  display: block;
  height: 8px;
  min-width: 2px;
}

td.gs-Run-when > span.gs-mod-running {
  background: var(--jp-brand-color1);
}

td.gs-Run-when > span.gs-mod-done {
  background: var(--jp-success-color1);
}

td.gs-Run-when > span.gs-mod-failed {
  background: var(--jp-error-color1);
}

.gs-Run p.gs-Run-foot {
  color: var(--jp-ui-font-color2);
  display: flex;
  flex-wrap: wrap;
  font-size: var(--jp-ui-font-size0);
  gap: 2px 16px;
  margin: 4px 0 0;
}

.gs-Run button.gs-Run-all {
  color: var(--jp-content-link-color, var(--jp-brand-color1));
  margin-left: auto;
}

.gs-Run button.gs-Run-all:hover {
  text-decoration: underline;
}

/* In the notebook's toolbar. */

.gs-ToolbarItem {
  align-items: center;
  color: var(--jp-ui-font-color1);
  display: flex;
  font-size: var(--jp-ui-font-size1);
  font-variant-numeric: tabular-nums;
  gap: 6px;
}

.gs-ToolbarItem button.gs-ToolbarState {
  align-items: center;
  background: none;
  border: none;
  border-radius: var(--jp-border-radius);
  color: inherit;
  cursor: pointer;
  display: flex;
  font: inherit;
  gap: 6px;
  height: 24px;
  padding: 0 6px;
}

.gs-ToolbarItem button.gs-ToolbarState:hover {
  background: var(--jp-layout-color2);
}

@media (prefers-reduced-motion: reduce) {
  .gs-Run .gs-Bar > span {
    animation: none;
    transition: none;
  }
}
`,""]),e.d(r,{},{A:s})},31(o,r,e){var t=e(29),n=e.n(t),a=e(30),s=(e.n(a))()(n());s.push([o.id,`/* The Spark panel: JupyterLab's own colours, sizes and fonts throughout. */

.gs-Panel {
  background: var(--jp-layout-color1);
  color: var(--jp-ui-font-color1);
  font-size: var(--jp-ui-font-size1);
  line-height: 1.45;
  min-width: 240px;
  overflow-y: auto;
}

.gs-Panel p,
.gs-Panel ul,
.gs-Panel ol,
.gs-Panel dl,
.gs-Panel dd {
  margin: 0;
  padding: 0;
}

.gs-Panel ul,
.gs-Panel ol {
  list-style: none;
}

.gs-Panel code,
.gs-Panel pre {
  font-family: var(--jp-code-font-family);
  font-size: var(--jp-code-font-size);
  overflow-wrap: anywhere;
}

.gs-Header {
  align-items: baseline;
  border-bottom: var(--jp-border-width) solid var(--jp-border-color2);
  display: flex;
  gap: 8px;
  padding: 10px 12px;
}

.gs-Header h2 {
  font-size: var(--jp-ui-font-size2);
  font-weight: 600;
  margin: 0;
}

.gs-state {
  color: var(--jp-ui-font-color2);
  font-weight: 400;
}

.gs-about,
.gs-hint,
.gs-empty,
.gs-time {
  color: var(--jp-ui-font-color2);
  font-size: var(--jp-ui-font-size0);
}

.gs-Panel code.gs-about {
  font-size: var(--jp-ui-font-size0);
}

.gs-empty {
  padding: 2px 0;
}

.gs-Panel > .gs-empty {
  padding: 12px;
}

/* The state's colour. */

.gs-Dot {
  background: var(--jp-layout-color4);
  border-radius: 50%;
  display: inline-block;
  flex: none;
  height: 9px;
  width: 9px;
}

.gs-Dot.gs-mod-ready {
  background: var(--jp-success-color1);
}

.gs-Dot.gs-mod-connecting {
  animation: gs-pulse 1.2s ease-in-out infinite;
  background: var(--jp-warn-color1);
}

.gs-Dot.gs-mod-failed,
.gs-Dot.gs-mod-lost {
  background: var(--jp-error-color1);
}

@keyframes gs-pulse {
  50% {
    opacity: 0.35;
  }
}

/* Sections. */

.gs-Section {
  border-bottom: var(--jp-border-width) solid var(--jp-border-color2);
  padding: 8px 12px 12px;
}

.gs-Section > h3 {
  color: var(--jp-ui-font-color1);
  display: flex;
  font-size: var(--jp-ui-font-size0);
  font-weight: 600;
  justify-content: space-between;
  letter-spacing: 0.4px;
  margin: 0 0 6px;
  text-transform: uppercase;
}

.gs-note {
  color: var(--jp-ui-font-color2);
  font-weight: 400;
  letter-spacing: 0;
  text-transform: none;
}

.gs-Facts {
  column-gap: 12px;
  display: grid;
  grid-template-columns: max-content 1fr;
  row-gap: 2px;
}

.gs-Facts dt {
  color: var(--jp-ui-font-color2);
}

.gs-Panel .gs-Facts code {
  font-size: var(--jp-ui-font-size0);
  white-space: nowrap;
}

.gs-Facts dd {
  overflow-wrap: anywhere;
}

.gs-Buttons {
  display: flex;
  flex-wrap: wrap;
  gap: 6px;
  margin-top: 10px;
}

.gs-Buttons.gs-mod-last {
  margin: 0;
  padding: 12px;
}

button.gs-Button.jp-mod-styled {
  font-size: var(--jp-ui-font-size1);
  height: 26px;
  letter-spacing: normal;
  line-height: 24px;
  padding: 0 10px;
  width: auto;
}

button.gs-Button.jp-mod-reject {
  background: var(--jp-layout-color1);
  border: var(--jp-border-width) solid var(--jp-border-color1);
  color: var(--jp-ui-font-color1);
}

button.gs-Button.jp-mod-reject:hover:enabled {
  background: var(--jp-layout-color2);
}

button.gs-Button:disabled {
  cursor: default;
  opacity: 0.5;
}

button.gs-Button:focus-visible,
.gs-Option:focus-visible,
.gs-close:focus-visible {
  outline: 2px solid var(--jp-brand-color1);
  outline-offset: 1px;
}

#gospark-part:focus {
  outline: none;
}

.gs-close {
  background: none;
  border: none;
  color: var(--jp-ui-font-color2);
  cursor: pointer;
  font-size: 16px;
  line-height: 1;
  padding: 2px 4px;
}

.gs-close:hover {
  color: var(--jp-ui-font-color0);
}

/* Failures and remarks. */

.gs-Failure {
  background: color-mix(in srgb, var(--jp-error-color1) 9%, var(--jp-layout-color1));
  border-left: 3px solid var(--jp-error-color1);
  margin-bottom: 8px;
  overflow-wrap: anywhere;
  padding: 8px 10px;
  position: relative;
}

.gs-Panel > .gs-Failure {
  margin: 8px 12px;
}

.gs-Failure .gs-close {
  position: absolute;
  right: 4px;
  top: 4px;
}

.gs-Failure p {
  white-space: pre-line;
}

.gs-Panel .gs-Failure ul {
  list-style: '→ ';
  margin-top: 4px;
  padding-left: 18px;
}

.gs-Failure pre {
  font-size: var(--jp-ui-font-size0);
  line-height: 1.35;
  margin: 4px 0 0;
  max-height: 240px;
  overflow: auto;
  overflow-wrap: normal;
}

.gs-Failure summary,
.gs-Origins summary,
.gs-Snippet summary {
  cursor: pointer;
  margin-top: 4px;
}

.gs-remark {
  border-left: 3px solid var(--jp-warn-color1);
  font-size: var(--jp-ui-font-size0);
  overflow-wrap: anywhere;
}

.gs-Panel p.gs-remark,
.gs-Run p.gs-remark,
.gs-MonitorPanel > .gs-remark {
  padding-left: 8px;
}

.gs-remark.gs-mod-error {
  border-color: var(--jp-error-color1);
}

.gs-Section .gs-remark,
.gs-Section .gs-hint {
  margin-top: 4px;
}

/* Configuring. */

.gs-Panel .jp-HTMLSelect {
  display: block;
}

.gs-Panel .jp-HTMLSelect > select {
  border: var(--jp-border-width) solid var(--jp-border-color1);
  padding-left: 8px;
  width: 100%;
}

.gs-Field {
  align-items: center;
  display: flex;
  gap: 8px;
  margin-top: 8px;
}

.gs-Field > span {
  color: var(--jp-ui-font-color2);
}

.gs-Panel input.jp-mod-styled {
  box-sizing: border-box;
  flex: 1;
  font-family: var(--jp-code-font-family);
  font-size: var(--jp-code-font-size);
  height: 26px;
  min-width: 0;
  width: 100%;
}

.gs-Bundles > li {
  padding: 2px 0 6px;
}

.gs-Bundles .gs-hint,
.gs-Bundles .gs-remark,
.gs-Bundles details {
  margin-left: 22px;
}

.gs-Bundles input[type='checkbox'] {
  flex: none;
  margin: 0;
}

.gs-Bundles summary {
  color: var(--jp-ui-font-color2);
  cursor: pointer;
  font-size: var(--jp-ui-font-size0);
}

.gs-Differences {
  list-style: none;
  margin: 4px 0;
  padding: 0;
}

.gs-Differences li {
  font-size: var(--jp-ui-font-size0);
  overflow-wrap: anywhere;
}

.gs-Panel :is(.gs-Origins, .gs-Setting) code {
  font-size: var(--jp-ui-font-size0);
}

/* The sizes are in em: what is small already must not be made smaller. */
.gs-Panel .gs-Differences :is(code, .gs-about) {
  font-size: inherit;
}

.gs-Differences .gs-about {
  white-space: nowrap;
}

.gs-Differences ins {
  text-decoration: none;
  font-weight: 600;
}

.gs-Origins li {
  border-top: var(--jp-border-width) solid var(--jp-border-color3);
  padding: 3px 0;
}

.gs-Origins .gs-about {
  display: block;
  overflow-wrap: anywhere;
}

.gs-Entry {
  margin-bottom: 10px;
  padding-right: 20px;
  position: relative;
}

.gs-Entry .gs-close {
  position: absolute;
  right: -4px;
  top: 0;
}

.gs-Entry code {
  display: block;
  margin-bottom: 2px;
}

.gs-OptionList {
  border: var(--jp-border-width) solid var(--jp-border-color1);
  margin-top: 4px;
  max-height: 320px;
  overflow-y: auto;
}

.gs-OptionList h4 {
  background: var(--jp-layout-color2);
  color: var(--jp-ui-font-color2);
  font-size: var(--jp-ui-font-size0);
  font-weight: 600;
  margin: 0;
  padding: 2px 8px;
  position: sticky;
  top: 0;
}

.gs-Option {
  background: none;
  border: none;
  color: inherit;
  cursor: pointer;
  display: block;
  font: inherit;
  padding: 4px 8px;
  text-align: left;
  width: 100%;
}

.gs-Option:hover {
  background: var(--jp-layout-color2);
}

.gs-Option .gs-about {
  display: block;
}

.gs-default {
  color: var(--jp-ui-font-color2);
  font-family: var(--jp-code-font-family);
  font-size: var(--jp-ui-font-size0);
  margin-left: 6px;
}

/* The settings of the session. */

.gs-SessionConf > summary,
.gs-Servers > summary {
  cursor: pointer;
}

.gs-SessionConf > input {
  margin-top: 6px;
}

.gs-SettingList {
  max-height: 360px;
  overflow-y: auto;
}

.gs-SettingList:focus-visible,
.gs-Setting button:focus-visible {
  outline: 2px solid var(--jp-brand-color1);
  outline-offset: -2px;
}

.gs-Setting {
  border-bottom: var(--jp-border-width) solid var(--jp-border-color3);
  padding: 4px 2px;
}

.gs-Setting > code {
  color: var(--jp-ui-font-color2);
  display: block;
}

.gs-Setting.gs-mod-set > code {
  color: var(--jp-ui-font-color1);
}

.gs-Setting form {
  display: flex;
  gap: 6px;
  margin: 2px 0;
}

.gs-Setting-now {
  align-items: flex-start;
  display: flex;
}

.gs-value {
  flex: 1;
  font-family: var(--jp-code-font-family);
  font-size: var(--jp-ui-font-size0);
  min-width: 0;
  overflow-wrap: anywhere;
}

span.gs-value {
  color: var(--jp-ui-font-color2);
  display: block;
  padding: 2px 0;
}

button.gs-value {
  background: none;
  border: none;
  border-radius: var(--jp-border-radius);
  color: var(--jp-ui-font-color1);
  cursor: text;
  padding: 2px 0;
  text-align: left;
}

button.gs-value:hover {
  background: var(--jp-layout-color2);
}

.gs-Setting.gs-mod-set button.gs-value {
  font-weight: 600;
}

/* Starting. */

.gs-Phases li {
  display: flex;
  gap: 8px;
  justify-content: space-between;
  padding: 1px 0;
}

.gs-Phases .gs-mod-done {
  color: var(--jp-ui-font-color2);
}

.gs-Phases .gs-mod-now {
  font-weight: 600;
}

.gs-time {
  font-variant-numeric: tabular-nums;
  font-weight: 400;
  white-space: nowrap;
}

.gs-Bar {
  background: var(--jp-layout-color3);
  border-radius: 2px;
  height: 4px;
  margin-top: 6px;
  overflow: hidden;
}

.gs-Bar > div {
  background: var(--jp-brand-color1);
  height: 100%;
  transition: width 0.3s;
}

.gs-Bar.gs-mod-endless > div {
  animation: gs-wander 1.6s ease-in-out infinite alternate;
  width: 30%;
}

@keyframes gs-wander {
  to {
    margin-left: 70%;
  }
}

@media (prefers-reduced-motion: reduce) {
  .gs-Bar.gs-mod-endless > div,
  .gs-Dot.gs-mod-connecting {
    animation: none;
  }
}

/* Lists of sessions, operations, servers. */

.gs-List li {
  align-items: center;
  display: flex;
  flex-wrap: wrap;
  gap: 2px 8px;
  padding: 3px 0;
}

.gs-List .gs-name {
  flex: 1;
  min-width: 0;
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}

.gs-Operation .gs-about,
.gs-Operation .gs-Bar {
  flex-basis: 100%;
  margin-top: 0;
}

.gs-tag {
  border: var(--jp-border-width) solid var(--jp-border-color1);
  border-radius: 8px;
  color: var(--jp-ui-font-color2);
  font-size: var(--jp-ui-font-size0);
  padding: 0 6px;
}

.gs-Servers li {
  border-top: var(--jp-border-width) solid var(--jp-border-color3);
  padding: 6px 0 8px;
}

.gs-Servers li:first-child {
  border-top: none;
}

.gs-Server-name {
  align-items: center;
  display: flex;
  gap: 8px;
}

.gs-Server-name strong {
  flex: 1;
  font-weight: 600;
  overflow-wrap: anywhere;
}

.gs-Server-name :is(.gs-tag, button) {
  flex: none;
}

.gs-Servers .gs-Server-name ~ * {
  margin-left: 17px; /* below the name, which the dot precedes */
}

.gs-Server-name ~ p > span {
  display: inline-block; /* a line ends between two facts */
  overflow-wrap: anywhere;
}

.gs-Servers .gs-Buttons {
  gap: 4px;
  margin-top: 4px;
}

.gs-Servers button.gs-Button.jp-mod-styled {
  font-size: var(--jp-ui-font-size0);
  height: 22px;
  line-height: 20px;
  padding: 0 8px;
}

.gs-Snippet pre {
  background: var(--jp-layout-color2);
  margin: 4px 0 0;
  overflow-wrap: normal;
  overflow-x: auto;
  padding: 6px 8px;
}

/* The status bar. */

.gs-StatusButton {
  align-items: center;
  background: none;
  border: none;
  color: inherit;
  cursor: pointer;
  display: flex;
  font: inherit;
  gap: 6px;
  height: 100%;
  padding: 0 6px;
}

.gs-StatusButton .gs-Dot {
  height: 8px;
  width: 8px;
}

.gs-busy {
  color: var(--jp-ui-font-color2);
}

/* Dialogs. */

.gs-DialogLines p {
  margin: 0 0 4px;
}
`,""]),e.d(r,{},{A:s})},34(o,r,e){var t=e(29),n=e.n(t),a=e(30),s=(e.n(a))()(n());s.push([o.id,`/* The Spark Web UI, and the pages in its place. */

.gs-WebUI {
  background: var(--jp-layout-color1);
  color: var(--jp-ui-font-color1);
}

.gs-WebUI > .jp-IFrame {
  height: 100%;
}

.gs-WebUI > .jp-IFrame > iframe {
  background: #fff; /* Spark's pages are made for it */
}

.gs-WebUI > .gs-hint {
  padding: 12px;
}

.gs-Pages {
  box-sizing: border-box;
  font-size: var(--jp-ui-font-size1);
  height: 100%;
  overflow: auto;
}

.gs-Pages > .gs-hint {
  margin: 8px 12px;
}

.gs-Pages code,
.gs-Pages pre {
  font-family: var(--jp-code-font-family);
  font-size: var(--jp-code-font-size);
}

.gs-Pages .gs-Tabs [role='tab'] {
  flex: none;
  padding: 6px 16px;
}

.gs-Pages [role='tabpanel'] {
  padding: 8px 12px;
}

.gs-PageTable {
  border-collapse: collapse;
  width: 100%;
}

.gs-PageTable th {
  border-bottom: var(--jp-border-width) solid var(--jp-border-color1);
  font-weight: 600;
  padding: 4px 8px;
  text-align: left;
  white-space: nowrap;
}

.gs-PageTable td {
  border-bottom: var(--jp-border-width) solid var(--jp-border-color3);
  font-variant-numeric: tabular-nums;
  padding: 3px 8px;
}

.gs-PageTable tbody tr:hover {
  background: var(--jp-layout-color2);
}

.gs-PageTable .gs-right {
  text-align: right;
  white-space: nowrap;
}

.gs-Word,
.gs-Tasks {
  align-items: center;
  display: inline-flex;
  gap: 6px;
  white-space: nowrap;
}

.gs-Tasks .gs-Bar {
  flex: none;
  margin: 0;
  width: 80px;
}

.gs-Link {
  background: none;
  border: none;
  color: var(--jp-content-link-color);
  cursor: pointer;
  font: inherit;
  padding: 0;
  text-align: left;
}

.gs-Link:hover {
  text-decoration: underline;
}

.gs-Plan h3 {
  margin: 12px 0 4px;
}

.gs-Plan pre {
  background: var(--jp-layout-color2);
  overflow-x: auto;
  padding: 8px;
}
`,""]),e.d(r,{},{A:s})},30(o){o.exports=function(o){var r=[];return r.toString=function(){return this.map(function(r){var e="",t=void 0!==r[5];return r[4]&&(e+="@supports (".concat(r[4],") {")),r[2]&&(e+="@media ".concat(r[2]," {")),t&&(e+="@layer".concat(r[5].length>0?" ".concat(r[5]):""," {")),e+=o(r),t&&(e+="}"),r[2]&&(e+="}"),r[4]&&(e+="}"),e}).join("")},r.i=function(o,e,t,n,a){"string"==typeof o&&(o=[[null,o,void 0]]);var s={};if(t)for(var i=0;i<this.length;i++){var l=this[i][0];null!=l&&(s[l]=!0)}for(var p=0;p<o.length;p++){var g=[].concat(o[p]);t&&s[g[0]]||(void 0!==a&&(void 0===g[5]||(g[1]="@layer".concat(g[5].length>0?" ".concat(g[5]):""," {").concat(g[1],"}")),g[5]=a),e&&(g[2]&&(g[1]="@media ".concat(g[2]," {").concat(g[1],"}")),g[2]=e),n&&(g[4]?(g[1]="@supports (".concat(g[4],") {").concat(g[1],"}"),g[4]=n):g[4]="".concat(n)),r.push(g))}},r}},29(o){o.exports=function(o){return o[1]}},22(o){var r=[];function e(o){for(var e=-1,t=0;t<r.length;t++)if(r[t].identifier===o){e=t;break}return e}function t(o,t){for(var n={},a=[],s=0;s<o.length;s++){var i=o[s],l=t.base?i[0]+t.base:i[0],p=n[l]||0,g="".concat(l," ").concat(p);n[l]=p+1;var d=e(g),c={css:i[1],media:i[2],sourceMap:i[3],supports:i[4],layer:i[5]};if(-1!==d)r[d].references++,r[d].updater(c);else{var u=function(o,r){var e=r.domAPI(r);return e.update(o),function(r){r?(r.css!==o.css||r.media!==o.media||r.sourceMap!==o.sourceMap||r.supports!==o.supports||r.layer!==o.layer)&&e.update(o=r):e.remove()}}(c,t);t.byIndex=s,r.splice(s,0,{identifier:g,updater:u,references:1})}a.push(g)}return a}o.exports=function(o,n){var a=t(o=o||[],n=n||{});return function(o){o=o||[];for(var s=0;s<a.length;s++){var i=e(a[s]);r[i].references--}for(var l=t(o,n),p=0;p<a.length;p++){var g=e(a[p]);0===r[g].references&&(r[g].updater(),r.splice(g,1))}a=l}}},24(o){var r={};o.exports=function(o,e){var t=function(o){if(void 0===r[o]){var e=document.querySelector(o);if(window.HTMLIFrameElement&&e instanceof window.HTMLIFrameElement)try{e=e.contentDocument.head}catch(o){e=null}r[o]=e}return r[o]}(o);if(!t)throw Error("Couldn't find a style target. This probably means that the value for the 'insert' parameter is invalid.");t.appendChild(e)}},26(o){o.exports=function(o){var r=document.createElement("style");return o.setAttributes(r,o.attributes),o.insert(r,o.options),r}},25(o,r,e){o.exports=function(o){var r=e.nc;r&&o.setAttribute("nonce",r)}},23(o){o.exports=function(o){if("u"<typeof document)return{update:function(){},remove:function(){}};var r=o.insertStyleElement(o);return{update:function(e){var t,n,a;t="",e.supports&&(t+="@supports (".concat(e.supports,") {")),e.media&&(t+="@media ".concat(e.media," {")),(n=void 0!==e.layer)&&(t+="@layer".concat(e.layer.length>0?" ".concat(e.layer):""," {")),t+=e.css,n&&(t+="}"),e.media&&(t+="}"),e.supports&&(t+="}"),(a=e.sourceMap)&&"u">typeof btoa&&(t+="\n/*# sourceMappingURL=data:application/json;base64,".concat(btoa(unescape(encodeURIComponent(JSON.stringify(a))))," */")),o.styleTagTransform(t,r,o.options)},remove:function(){var o;null===(o=r).parentNode||o.parentNode.removeChild(o)}}}},27(o){o.exports=function(o,r){if(r.styleSheet)r.styleSheet.cssText=o;else{for(;r.firstChild;)r.removeChild(r.firstChild);r.appendChild(document.createTextNode(o))}}},21(o,r,e){var t=e(22),n=e.n(t),a=e(23),s=e.n(a),i=e(24),l=e.n(i),p=e(25),g=e.n(p),d=e(26),c=e.n(d),u=e(27),f=e.n(u),b=e(28),v={};v.styleTagTransform=f(),v.setAttributes=g(),v.insert=l().bind(null,"head"),v.domAPI=s(),v.insertStyleElement=c(),n()(b.A,v),b.A&&b.A.locals&&b.A.locals}}]);