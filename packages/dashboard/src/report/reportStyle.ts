import type { Theme } from '../themes/theme.ts';

/** The styles of a report, in the colours of a theme. */
export function reportStyle(theme: Theme): string {
  const { ground, text, emphasis, border, latency, power, good, warn, bad, kind } = theme;
  return `
:root{color-scheme:${kind}}
html{background:${ground};color:${text};font:15px/1.45 system-ui,'DejaVu Sans',sans-serif;font-variant-numeric:tabular-nums}
body{margin:0}main{max-width:1240px;margin:0 auto;padding:20px clamp(12px,2vw,32px)}
h1,h2,p,dl,dd{margin:0}h1{font-size:clamp(36px,6vw,64px);line-height:1.15;color:${emphasis}}h1 span{font-size:.42em}
h2{font-size:15px;color:${emphasis}}h2 small{font-weight:400;color:${text}}section{margin-top:28px}
.good{color:${good}}.slow,.simulated{color:${warn}}.bad{color:${bad}}
.latency{color:${latency}}.power{color:${power}}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(130px,1fr));gap:16px 20px;margin-top:24px}
.cards div{border-top:2px solid;padding-top:6px}.cards dt,.cards dd+dd{font-size:13px;color:${text}}.cards dd{font-size:24px;font-weight:600}.cards dd+dd{font-weight:400}
.halves{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:0 28px}
svg{display:block;width:100%;height:auto}.scroll{overflow-x:auto}
table{width:100%;border-collapse:collapse}th,td{padding:5px 16px 5px 0;text-align:left;font-weight:400;white-space:nowrap;border-top:1px solid ${border}66}
td:nth-child(2){white-space:normal}th{font-size:12px;border-top:0}.right{text-align:right}footer{margin-top:32px;font-size:13px}
@media print{html{font-size:11px}section{break-inside:avoid}}
`;
}
