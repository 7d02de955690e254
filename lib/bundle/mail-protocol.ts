import { replacedFiles } from './replaced-files.ts';

const protocols = 'core/dist-es/submodules/protocols';
const ofMails = /^export .* from "\.\/(query|xml)\/.*$/gm;
const imported = 'import { AwsQueryProtocol } from "@aws-sdk/core/protocols";';

/**
 * SES alone speaks the old query protocol, whose answers are XML. The SDK has all protocols in one list, so that they would be loaded with the first
 * webhook; here SES takes its own past that list, and they are loaded with the first mail.
 */
export const mailProtocol = replacedFiles('mail-protocol', {
  [`@aws-sdk/${protocols}/index.js`]: (list) => {
    if (!list.match(ofMails)) throw new Error('the list of protocols looks otherwise');
    return list.replaceAll(ofMails, '');
  },
  '@aws-sdk/client-ses/dist-es/runtimeConfig.shared.js': (settings) => {
    if (!settings.includes(imported)) throw new Error('SES takes its protocol from somewhere else');
    return settings.replace(
      imported,
      `import { AwsQueryProtocol } from '../../${protocols}/query/AwsQueryProtocol.js';`,
    );
  },
});
