import { computed, signal } from '@preact/signals';
import { everything, type LineWish, queryOf, wishOf } from '../line-filter.ts';

/** The pages, by their paths. */
export const pages = {
  '/': 'Live',
  '/again': 'Again',
  '/users': 'Users',
  '/mail': 'Mail',
  '/setup': 'Setup',
  '/sandbox': 'Sandbox',
} as const;
export type PagePath = keyof typeof pages;

const isPage = (path: string): path is PagePath => Object.hasOwn(pages, path);

const here = signal(new URL(location.href));

addEventListener('popstate', () => {
  here.value = new URL(location.href);
});

export const path = computed<PagePath>(() => (isPage(here.value.pathname) ? here.value.pathname : '/'));

/** Which lines are wanted, as it stands in the address: it can be reloaded and sent. */
export const wish = computed<LineWish>(() => wishOf(here.value.searchParams));

export function goTo(target: PagePath, query = ''): void {
  history.pushState(null, '', `${target}${query}`);
  here.value = new URL(location.href);
}

/** Changes the wish in place: each letter of a word is no step to go back to. */
export function want(part: Partial<LineWish>): void {
  history.replaceState(null, '', `/${queryOf({ ...wish.value, ...part })}`);
  here.value = new URL(location.href);
}

export const wantEverything = (): void => want(everything);
