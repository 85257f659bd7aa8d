package render

// The look of all HTML here. JupyterLab's variables come first, VS Code's
// second, then a colour that fits light and dark. Each output carries the style
// that it needs, under class names of its own, because a notebook's outputs are
// saved, moved and shown one by one.
const (
	colorText   = "var(--jp-content-font-color1,var(--vscode-editor-foreground,inherit))"
	colorFaint  = "var(--jp-content-font-color2,var(--vscode-descriptionForeground,#808080))"
	colorLine   = "var(--jp-border-color2,var(--vscode-widget-border,rgba(128,128,128,.35)))"
	colorHair   = "var(--jp-border-color3,var(--vscode-widget-border,rgba(128,128,128,.2)))"
	colorGround = "var(--jp-layout-color0,var(--vscode-editor-background,Canvas))"
	colorHead   = "var(--jp-cell-editor-background,var(--vscode-editorWidget-background,Canvas))"
	colorHover  = "var(--jp-rendermime-table-row-hover-background,var(--vscode-list-hoverBackground,rgba(33,150,243,.1)))"
	colorShade  = "var(--jp-layout-color2,var(--vscode-textCodeBlock-background,rgba(128,128,128,.12)))"
	colorBrand  = "var(--jp-brand-color1,var(--vscode-progressBar-background,#1976d2))"
	colorLink   = "var(--jp-content-link-color,var(--vscode-textLink-foreground,#1976d2))"
	colorGood   = "var(--jp-success-color1,#388e3c)"
	colorWarn   = "var(--jp-warn-color1,#f57c00)"
	colorBad    = "var(--jp-error-color1,#d32f2f)"
	fontUI      = "var(--jp-ui-font-family,system-ui,sans-serif)"
	fontCode    = "var(--jp-code-font-family,ui-monospace,monospace)"
)

const tableStyle = `<style>
.gs-t{margin:2px 0 6px;color:` + colorText + `;font-family:` + fontUI + `;font-size:12px;line-height:1.45}
.gs-t .gs-cap{margin:0 0 5px;font-weight:600}
.gs-t .gs-box{display:inline-block;max-width:100%;max-height:440px;overflow:auto;vertical-align:top;border:1px solid ` + colorLine + `;border-radius:5px;background:` + colorGround + `}
.gs-t .gs-box table{margin:0;border:0;border-collapse:separate;border-spacing:0;table-layout:auto;font-size:12px;color:inherit;font-variant-numeric:tabular-nums}
.gs-t .gs-box thead th{position:sticky;top:0;z-index:1;padding:5px 14px 4px;text-align:left;vertical-align:bottom;font-weight:600;white-space:pre;background:` + colorHead + `;border:0;border-bottom:1px solid ` + colorLine + `}
.gs-t .gs-box thead th small{display:block;max-width:26ch;overflow:hidden;text-overflow:ellipsis;font-size:10.5px;font-weight:400;opacity:.7}
.gs-t .gs-box tbody tr{background:none}
.gs-t .gs-box tbody td{max-width:44ch;padding:3px 14px;overflow:hidden;text-align:left;text-overflow:ellipsis;vertical-align:top;white-space:pre;border:0;border-bottom:1px solid ` + colorHair + `}
.gs-t .gs-box tbody tr:last-child td{border-bottom:0}
.gs-t .gs-box tbody tr:hover td{background:` + colorHover + `}
.gs-t .gs-box .gs-n{text-align:right}
.gs-t .gs-box td.gs-n{max-width:none}
.gs-t .gs-box td.gs-0{font-style:italic;color:` + colorFaint + `}
.gs-t .gs-box details{margin:0}
.gs-t .gs-box summary{cursor:pointer}
.gs-t.gs-t.gs-t pre{margin:2px 0 4px 14px;padding:0;background:none;color:inherit;font-family:` + fontCode + `;font-size:11.5px;line-height:1.4;white-space:pre}
.gs-t .gs-tab>summary{width:max-content;padding:2px 1px 3px;border-bottom:2px solid transparent;color:` + colorFaint + `;outline-offset:3px;cursor:pointer}
.gs-t .gs-tab>summary:hover{color:inherit}
.gs-t .gs-tab[open]>summary{border-color:` + colorBrand + `;color:inherit;font-weight:600}
.gs-t .gs-tab{margin-bottom:4px}
.gs-t.gs-t.gs-t .gs-tab>pre{max-height:440px;margin:2px 0;padding:6px 10px;overflow:auto;border:1px solid ` + colorLine + `;border-radius:5px;background:` + colorGround + `}
@supports selector(::details-content){
.gs-t .gs-tabs{display:grid;grid-template-columns:repeat(7,max-content) minmax(0,1fr)}
.gs-t .gs-tab{display:contents}
.gs-t .gs-tab>summary{grid-row:1;margin:0 18px 6px 0;list-style:none}
.gs-t .gs-tab>summary::-webkit-details-marker{display:none}
.gs-t .gs-tab::details-content{grid-column:1/-1;min-width:0}
.gs-t .gs-tabs>.gs-tools{grid-row:1;margin:0 0 6px}
.gs-t .gs-tab:first-child:not([open])~.gs-tools{visibility:hidden}
}
.gs-t .gs-tools{display:flex;align-items:center;gap:8px;margin:0 0 4px;font-size:11px;color:` + colorFaint + `}
.gs-t .gs-tools input,.gs-t .gs-tools button{box-sizing:border-box;height:22px;margin:0;padding:0 7px;border:1px solid ` + colorLine + `;border-radius:4px;background:` + colorGround + `;color:` + colorText + `;font:inherit}
.gs-t .gs-tools input{width:15em}
.gs-t .gs-tools button{cursor:pointer}
.gs-t th[aria-sort]{cursor:pointer}
.gs-t thead th[aria-sort=ascending] small::after,.gs-t thead th[aria-sort=ascending]:not(:has(small))::after{content:" ▲"}
.gs-t thead th[aria-sort=descending] small::after,.gs-t thead th[aria-sort=descending]:not(:has(small))::after{content:" ▼"}
.gs-t .gs-bars{display:inline-flex;align-items:flex-end;gap:1px;width:130px;height:20px;vertical-align:bottom}
.gs-t .gs-bars i{flex:1;min-height:1px;background:` + colorBrand + `;opacity:.8}
.gs-t .gs-track{display:block;width:360px;height:9px;margin-top:4px}
.gs-t .gs-track i{display:block;box-sizing:border-box;height:100%;min-width:2px;border-radius:2px;background:` + colorBrand + `}
.gs-t .gs-track .gs-good{background:` + colorGood + `}
.gs-t .gs-track .gs-bad{background:` + colorBad + `}
.gs-t .gs-note{margin-top:4px;font-size:11px;color:` + colorFaint + `}
@media print{
.gs-t .gs-tools{display:none}
.gs-t .gs-box{max-height:none;overflow:visible}
.gs-t .gs-box thead th,.gs-t .gs-box tbody td{padding:2px 6px;white-space:pre-wrap;overflow-wrap:break-word}
.gs-t .gs-box table{font-size:10.5px}
}
</style>`

const progressStyle = `<style>
.gs-p{margin:2px 0;color:` + colorText + `;font-family:` + fontUI + `;font-size:12px;line-height:1.5;font-variant-numeric:tabular-nums}
.gs-p .gs-op{display:flex;flex-wrap:wrap;align-items:center;gap:0 12px;min-height:20px}
.gs-p .gs-label{max-width:46ch;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;font-family:` + fontCode + `;font-size:11.5px}
.gs-p .gs-bar{flex:0 0 160px;height:4px;overflow:hidden;border-radius:2px;background:` + colorLine + `}
.gs-p .gs-bar i{display:block;height:100%;border-radius:2px;background:` + colorBrand + `}
.gs-p .gs-good i{background:` + colorGood + `}
.gs-p .gs-bad i{background:` + colorBad + `}
.gs-p .gs-life i{animation:gs-life 1.4s ease-in-out infinite alternate}
.gs-p .gs-facts{color:` + colorFaint + `}
.gs-p a{color:` + colorLink + `}
@keyframes gs-life{from{margin-left:0}to{margin-left:70%}}
@media (prefers-reduced-motion:reduce){.gs-p .gs-life i{width:100%!important;opacity:.5;animation:none}}
</style>`

const panelStyle = `<style>
.gs-s{display:inline-block;box-sizing:border-box;max-width:100%;margin:2px 0 6px;padding:10px 16px 10px 14px;border:1px solid ` + colorLine + `;border-radius:5px;background:` + colorGround + `;color:` + colorText + `;font-family:` + fontUI + `;font-size:12.5px;line-height:1.5}
.gs-s .gs-head{display:flex;align-items:center;gap:8px}
.gs-s .gs-mark{flex:none;width:9px;height:9px;border-radius:50%;background:` + colorFaint + `}
.gs-s .gs-good{background:` + colorGood + `}
.gs-s .gs-busy{background:` + colorBrand + `}
.gs-s .gs-warn{background:` + colorWarn + `}
.gs-s .gs-bad{background:` + colorBad + `}
.gs-s .gs-word{color:` + colorFaint + `}
.gs-s dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:3px 18px;margin:8px 0 0 17px}
.gs-s dt{float:none;width:auto;margin:0;padding:0;font-weight:400;color:` + colorFaint + `;background:none}
.gs-s dd{float:none;width:auto;margin:0;padding:0;overflow-wrap:anywhere}
.gs-s code{padding:1px 4px;border-radius:3px;background:` + colorShade + `;color:` + colorText + `;font-family:` + fontCode + `;font-size:11.5px}
.gs-s p{margin:8px 0 0 17px;color:` + colorFaint + `}
.gs-s a{color:` + colorLink + `}
</style>`

const failureStyle = `<style>
.gs-e{box-sizing:border-box;margin:2px 0 6px;padding:8px 14px 10px;border-left:3px solid ` + colorBad + `;color:` + colorText + `;font-family:` + fontUI + `;font-size:13px;line-height:1.5}
.gs-e.gs-only{padding:2px 12px;border-left:0;font-size:12px}
.gs-e .gs-head{display:flex;flex-wrap:wrap;align-items:baseline;gap:0 10px}
.gs-e .gs-head b{color:` + colorBad + `;overflow-wrap:anywhere}
.gs-e .gs-code{font-size:11px;color:` + colorFaint + `}
.gs-e .gs-msg{white-space:pre-wrap;overflow-wrap:anywhere}
.gs-e .gs-where{margin:8px 0 2px}
.gs-e .gs-title{font-size:11px;color:` + colorFaint + `}
.gs-e.gs-e.gs-e pre{margin:2px 0 0;padding:6px 10px;overflow:auto;border-radius:3px;background:` + colorHead + `;color:inherit;font-family:` + fontCode + `;font-size:12px;line-height:1.5;white-space:pre}
.gs-e .gs-ln{color:` + colorFaint + `;user-select:none}
.gs-e mark{padding:0 1px;border-radius:2px;background:none;color:inherit;text-decoration:underline wavy ` + colorBad + ` 1.5px;text-underline-offset:3px}
.gs-e .gs-advice{margin-top:6px}
.gs-e .gs-advice::before{content:"→ ";color:` + colorFaint + `}
.gs-e code{padding:1px 4px;border-radius:3px;background:` + colorShade + `;color:inherit;font-family:` + fontCode + `;font-size:12px}
.gs-e details{margin-top:8px}
.gs-e summary{cursor:pointer;color:` + colorFaint + `;font-size:12px}
.gs-e.gs-e.gs-e details pre{max-height:320px;font-size:11px}
</style>`
