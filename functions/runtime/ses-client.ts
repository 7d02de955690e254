import { SESClient } from '@aws-sdk/client-ses';

/** In a file of its own, which is loaded with the first mail, and of the SDK holds this alone. */
export const createSesClient = (options: object): SESClient => new SESClient(options);
