// Before the page is drawn: light or dark, as chosen, else as the system has it.
const root = document.documentElement;
const dark = matchMedia('(prefers-color-scheme: dark)');
const set = () => {
  const chosen = root.dataset.theme;
  root.setAttribute('data-bs-theme', chosen === 'light' || chosen === 'dark' ? chosen : dark.matches ? 'dark' : 'light');
};
set();
dark.addEventListener('change', set);
