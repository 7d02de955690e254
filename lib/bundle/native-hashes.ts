import { replacedFiles } from './replaced-files.ts';

const checksum = '@smithy/core/dist-es/submodules/checksum';

/** The SDK's hashes in JavaScript are for a Node.js without crypto. */
export const nativeHashes = replacedFiles('native-hashes', {
  [`${checksum}/sha256/Sha256Js.js`]: 'export const Sha256Js = undefined;',
  [`${checksum}/md5/Md5Js.js`]: 'export const Md5Js = undefined;',
});
