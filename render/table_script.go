package render

// tableScript lets people sort by a column, search and copy as CSV, in front
// ends that run scripts of outputs. It is one constant: nothing from data
// reaches it, it loads and sends nothing, and without it the table is whole and
// its tabs open and close as they like (with it, one at a time). It
// looks for tables that it has not seen, because front ends differ in where
// they put a script.
const tableScript = `<script>(()=>{
const value=td=>td.classList.contains("gs-0")?null:td.title||td.textContent;
const quoted=s=>s===null?"":/[",\n\r]/.test(s)?'"'+s.replace(/"/g,'""')+'"':s;
const copy=text=>navigator.clipboard?navigator.clipboard.writeText(text):new Promise(done=>{
const area=document.createElement("textarea");area.value=text;document.body.append(area);area.select();document.execCommand("copy");area.remove();done()});
for(const box of document.querySelectorAll(".gs-t:not([data-gs])")){
const group=box.querySelector(".gs-tabs"),tabs=group?[...group.querySelectorAll(".gs-tab")]:[];
for(const tab of tabs)tab.firstElementChild.onclick=e=>{e.preventDefault();for(const t of tabs)t.open=t===tab};
const table=box.querySelector("table"),body=table&&table.tBodies[0];
box.dataset.gs=!body||body.rows.length<2?"0":"1";
if(box.dataset.gs==="0")continue;
const rows=[...body.rows],heads=[...table.tHead.rows[0].cells];
const name=th=>th.firstChild?th.firstChild.textContent:"";
const bar=document.createElement("div"),find=document.createElement("input"),button=document.createElement("button"),said=document.createElement("span");
bar.className="gs-tools";find.type="search";find.placeholder="Search";find.setAttribute("aria-label","search the rows shown");
button.type="button";button.textContent="Copy CSV";button.title="copy the rows shown";said.setAttribute("role","status");
bar.append(find,button,said);if(group&&CSS.supports("selector(::details-content)"))group.append(bar);else box.querySelector(".gs-box").before(bar);
find.oninput=()=>{const text=find.value.toLowerCase();let n=0;
for(const row of rows){row.hidden=!!text&&!row.textContent.toLowerCase().includes(text);n+=!row.hidden}
said.textContent=text?n+" of "+rows.length:""};
button.onclick=()=>{const lines=[heads.map(name)].concat([...body.rows].filter(r=>!r.hidden).map(r=>[...r.cells].map(value)));
copy(lines.map(l=>l.map(quoted).join(",")).join("\n")+"\n").then(()=>{said.textContent="copied"},()=>{said.textContent="the browser refused"})};
heads.forEach((th,i)=>{const number=th.classList.contains("gs-n");
const sort=()=>{const next={none:"ascending",ascending:"descending"}[th.ariaSort||"none"]||"none";
heads.forEach(h=>h.ariaSort=h===th?next:"none");
const sign=next==="descending"?-1:1;
const order=(a,b)=>{const x=value(a.cells[i]),y=value(b.cells[i]);
if(x===null||y===null)return(x===null)-(y===null);
return sign*(number&&x-y||x.localeCompare(y,undefined,{numeric:true}))};
body.append(...(next==="none"?rows:[...rows].sort(order)))};
th.tabIndex=0;th.ariaSort="none";th.title=th.title||"sort";th.onclick=sort;
th.onkeydown=e=>{if(e.key==="Enter"||e.key===" "){e.preventDefault();sort()}}});
}})()</script>`
