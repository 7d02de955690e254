import { dictionary } from '@zxcvbn-ts/language-common';

/** Passwords that many people use, in lower case. The bundle holds those that are long enough to be tried at all. */
export const commonPasswords: readonly string[] = dictionary['passwords-common'];
