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
	colorHead   = "var(--jp-layout-color1,var(--vscode-editor-background,Canvas))"
	colorShade  = "var(--jp-layout-color2,var(--vscode-textCodeBlock-background,rgba(128,128,128,.12)))"
	colorBrand  = "var(--jp-brand-color1,var(--vscode-progressBar-background,#1976d2))"
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
.gs-t .gs-box thead th small{display:block;max-width:26ch;overflow:hidden;text-overflow:ellipsis;font-size:10.5px;font-weight:400;color:` + colorFaint + `}
.gs-t .gs-box tbody tr{background:none}
.gs-t .gs-box tbody td{max-width:44ch;padding:3px 14px;overflow:hidden;text-align:left;text-overflow:ellipsis;vertical-align:top;white-space:pre;border:0;border-bottom:1px solid ` + colorHair + `}
.gs-t .gs-box tbody tr:last-child td{border-bottom:0}
.gs-t .gs-box tbody tr:hover td{background:` + colorShade + `}
.gs-t .gs-box .gs-n{text-align:right}
.gs-t .gs-box td.gs-n{max-width:none}
.gs-t .gs-box td.gs-0{font-style:italic;color:` + colorFaint + `}
.gs-t .gs-note{margin-top:4px;font-size:11px;color:` + colorFaint + `}
@media print{.gs-t .gs-box{max-height:none;overflow:visible}}
</style>`
