import 'htmx.org/dist/htmx.js';
import 'htmx.org/dist/ext/hx-sse.js';
import uPlot from 'uplot';

// <bw-chart>: draws the table inside it as a picture. The table stays for who cannot see the picture, and where there is no script.
class Chart extends HTMLElement {
  connectedCallback() {
    const table = this.querySelector('table');
    if (!table || this.querySelector('.uplot')) return;
    const heads = [...table.tHead.rows[0].cells].map(c => c.textContent);
    const rows = [...table.tBodies[0].rows];
    const data = heads.map((_, i) => rows.map(r => Number(r.cells[i].dataset.value)));
    const style = getComputedStyle(this);
    const colour = n => style.getPropertyValue(n).trim();
    const unit = this.dataset.unit || '';
    const zone = this.dataset.zone;
    const lang = document.documentElement.lang;
    const money = v => v == null ? '–' : unit + v.toLocaleString(lang, {maximumFractionDigits: 2});
    const bars = uPlot.paths.bars({size: [0.7, 60], radius: 0.15});
    const colours = ['--tblr-primary', '--tblr-secondary', '--tblr-danger'];
    const holder = document.createElement('div');
    holder.setAttribute('aria-hidden', 'true');
    this.append(holder);
    const axis = {stroke: colour('--tblr-secondary'), grid: {stroke: colour('--tblr-border-color'), width: 1}, ticks: {show: false}, font: '12px ' + style.fontFamily};
    const chart = new uPlot({
      width: Math.max(this.clientWidth, 200), height: Number(this.dataset.height || 200),
      tzDate: zone ? ts => uPlot.tzDate(new Date(ts * 1e3), zone) : undefined,
      cursor: {y: false}, legend: {live: true},
      scales: {y: {range: (_, lo, hi) => [Math.min(0, lo), hi > 0 ? hi * 1.1 : 1]}},
      axes: [axis, {...axis, size: 64, values: (_, vs) => vs.map(money)}],
      series: heads.map((h, i) => i === 0 ? {label: h} : {
        label: h, stroke: colour(colours[i - 1]), width: 2, value: (_, v) => money(v),
        ...(i === 1 && this.dataset.kind === 'bars' ? {paths: bars, fill: colour(colours[0]) + '99', points: {show: false}} : {points: {show: false}, dash: i > 1 ? [6, 4] : undefined}),
      }),
    }, data, holder);
    new ResizeObserver(() => chart.setSize({width: Math.max(this.clientWidth, 200), height: chart.height})).observe(this);
    this.classList.add('drawn');
  }
}
customElements.define('bw-chart', Chart);

// Forms that are sent as soon as something is chosen.
document.addEventListener('change', e => {
  const form = e.target.closest('form[data-auto]');
  if (form) form.requestSubmit();
});

// What is asked once before it is done: a <dialog> opened by its button.
document.addEventListener('click', e => {
  const open = e.target.closest('[data-open]');
  if (open) document.getElementById(open.dataset.open)?.showModal();
  const shut = e.target.closest('[data-shut]');
  if (shut) shut.closest('dialog')?.close();
});

// A menu shuts when one clicks elsewhere or presses Escape.
const shutMenus = except => document.querySelectorAll('details.menu[open]').forEach(d => { if (d !== except) d.open = false; });
document.addEventListener('click', e => shutMenus(e.target.closest('details.menu')));
document.addEventListener('keydown', e => { if (e.key === 'Escape') shutMenus(); });

// While what is live stands still, it says so.
document.addEventListener('htmx:sse:error', e => e.target.closest?.('[data-live]')?.setAttribute('data-live', 'lost'));
document.addEventListener('htmx:sse:after:message', e => e.target.closest?.('[data-live]')?.setAttribute('data-live', 'on'));
