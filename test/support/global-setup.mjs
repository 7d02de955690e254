// Jest would turn the file with types into CommonJS, which the emulator of SQS is not.
export { default } from './global-setup.ts';
