import { about } from './server.ts';

/** The roles that a webhook may give. */
export const roleOptions = (): (readonly [slug: string, name: string])[] => [
  ['', 'the default one'],
  ...(about.value?.roles ?? [])
    .filter(({ privileged }) => !privileged)
    .map(({ slug, name }) => [slug, name] as const),
];
