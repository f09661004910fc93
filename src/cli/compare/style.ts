/** How the page of a comparison looks, by day and by night. */

/** Colours that stay apart for most eyes, in the order in which parts and lines take them. */
const COLOURS = [
  '#4e79a7', '#f28e2b', '#59a14f', '#e15759', '#76b7b2', '#edc948', '#b07aa1', '#9c755f', '#ff9da7', '#8a8f98', '#3b6e5e', '#7a3b69',
];

const series = COLOURS.map((colour, i) =>
  `.part${i}{fill:${colour};background:${colour}}.line${i}{stroke:${colour};background:${colour}}`).join('\n');

export const STYLE = `
:root{--ink:#1c2024;--soft:#60646c;--paper:#fcfcfd;--card:#fff;--edge:#e0e1e6;--grid:#e8e8ec;--bar:#4e79a7;
--good:#1a7f4b;--bad:#c4313a;--none:#60646c}
@media (prefers-color-scheme:dark){:root{--ink:#edeef0;--soft:#a1a4ab;--paper:#111113;--card:#18191b;--edge:#2e3135;
--grid:#272a2d;--bar:#79a3cf;--good:#4cc38a;--bad:#ff7b80;--none:#a1a4ab}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:920px;margin:0 auto;padding:32px 20px 64px}
h1{font-size:28px;line-height:1.2;margin:0 0 4px}
h2{font-size:18px;margin:0 0 2px}
p{margin:0 0 14px;color:var(--soft)}
.lead{font-size:17px}
.setting{margin:0 0 8px;padding:0;list-style:none;color:var(--soft);font-size:13px}
section{background:var(--card);border:1px solid var(--edge);border-radius:10px;padding:18px 20px;margin-top:18px}
svg{display:block;width:100%;height:auto;font:12px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
svg text{fill:var(--ink)}
svg .tick{fill:var(--soft);font-size:11px}
svg .value{fill:var(--soft)}
.grid{stroke:var(--grid);stroke-width:1}
.bar{fill:var(--bar)}
.span{stroke:var(--ink);stroke-width:2}
path{fill:none;stroke-width:2}
${series}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;margin:10px 0 0;padding:0;list-style:none;font-size:13px;color:var(--soft)}
.legend i{display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:6px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:13px}
th{text-align:left;color:var(--soft);font-weight:600;border-bottom:1px solid var(--edge);padding:6px 10px 6px 0;white-space:nowrap}
td{border-bottom:1px solid var(--grid);padding:6px 10px 6px 0;vertical-align:top}
tr:last-child td{border-bottom:0}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
small{color:var(--soft)}
.chip{display:inline-block;padding:1px 9px;border-radius:999px;border:1px solid currentColor;font-weight:600;white-space:nowrap}
.good{color:var(--good)}.bad{color:var(--bad)}.none{color:var(--none)}
`;
