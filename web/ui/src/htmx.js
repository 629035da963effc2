// htmx's extensions look for it in the window.
import htmx from 'htmx.org/dist/htmx.esm.js';
window.htmx = htmx;
