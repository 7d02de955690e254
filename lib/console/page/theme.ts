import { effect, signal } from '@preact/signals';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const key = 'usher-theme';
const stored = localStorage.getItem(key);

export const theme = signal<Theme>(themes.find((name) => name === stored) ?? 'system');

const system = matchMedia('(prefers-color-scheme: dark)');
const isSystemDark = signal(system.matches);
system.addEventListener('change', () => {
  isSystemDark.value = system.matches;
});

/** Changes with the colours: what is drawn on a canvas has to be drawn anew. */
export const colours = signal('');

effect(() => {
  const chosen = theme.value === 'system' ? (isSystemDark.value ? 'dark' : 'light') : theme.value;
  document.documentElement.dataset['theme'] = chosen;
  localStorage.setItem(key, theme.value);
  colours.value = chosen;
});
