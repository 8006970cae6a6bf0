/**
 * The one style sheet of a page. Each pair of colours has a contrast of at least 4.5 : 1 (WCAG 2.2, 1.4.3) in the light and in the dark
 * scheme; what a colour says is said in words or figures too.
 */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --ground: #ffffff; --ink: #1b1f1d; --soft: #4c5652; --line: #cfd6d2; --head: #f1f4f2; --focus: #0b57d0;
  --bad: #9c1020; --good: #14633a; --h0: #eef3f0; --h0i: #1b1f1d; --h1: #fde9c8; --h1i: #3a2500; --h2: #f9b97a; --h2i: #2e1600;
  --h3: #b8430f; --h3i: #ffffff; --h4: #7a1020; --h4i: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --ground: #121614; --ink: #e6ece9; --soft: #aab6b0; --line: #3a4440; --head: #1c2320;
  --focus: #8ab4f8; --bad: #ff9aa2; --good: #86d9a6; --h0: #1f2723; --h0i: #e6ece9; --h1: #4a3a12; --h1i: #fdeec9; --h2: #7a4a10;
  --h2i: #fff1dc; --h3: #e0763a; --h3i: #1a0a00; --h4: #ff9aa2; --h4i: #2b0005; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 90rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
p { margin: .25rem 0; max-width: 75ch; } .soft { color: var(--soft); }
.scroll { position: relative; overflow-x: auto; border: 1px solid var(--line); border-radius: .5rem; }
.scroll:focus-visible, a:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; } .skip:focus { left: 1rem; top: 1rem; background: var(--ground); color: var(--ink); padding: .5rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: start; padding: .5rem .75rem; color: var(--soft); }
th, td { padding: .35rem .6rem; text-align: end; border-bottom: 1px solid var(--line); white-space: nowrap; }
thead th { background: var(--head); } tbody tr:last-child > * { border-bottom: 0; }
th[scope="row"] { text-align: start; font-weight: 600; white-space: normal; overflow-wrap: anywhere; min-width: 10rem; padding-inline-start: .75rem; }
.words { text-align: start; } .bad { color: var(--bad); font-weight: 600; } .good { color: var(--good); }
.heat { font-size: .8rem; } .heat td, .heat thead th { text-align: center; padding: .35rem .15rem; min-width: 2.5rem; } .heat th[scope="row"] { min-width: 12rem; } .heat thead th.words { text-align: start; }
.heat thead th { font-weight: 500; }
.h0 { background: var(--h0); color: var(--h0i); } .h1 { background: var(--h1); color: var(--h1i); } .h2 { background: var(--h2); color: var(--h2i); }
.h3 { background: var(--h3); color: var(--h3i); } .h4 { background: var(--h4); color: var(--h4i); }
.legend { display: flex; flex-wrap: wrap; gap: .5rem; list-style: none; padding: 0; margin: .5rem 0; } .legend li { padding: .15rem .6rem; border-radius: .3rem; border: 1px solid var(--line); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media print { .scroll { overflow: visible; } }
`;
