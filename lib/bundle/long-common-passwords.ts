import { dictionary } from '@zxcvbn-ts/language-common';
import type { Plugin } from 'esbuild';
import type { Config } from '../../functions/config/config.ts';

/** Leaves out the common passwords that are too short to be chosen anyway: 400 kB of them. */
export const longCommonPasswords = ({ site }: Config): Plugin => ({
  name: 'long-common-passwords',
  setup(context) {
    const long = dictionary['passwords-common'].filter(({ length }) => length >= site.passwords.minLength);
    context.onLoad({ filter: /[/\\]functions[/\\]site[/\\]common-passwords\.ts$/ }, () => ({
      contents: `export const commonPasswords = ${JSON.stringify(long.join(' '))}.split(' ');`,
      loader: 'js',
    }));
  },
});
