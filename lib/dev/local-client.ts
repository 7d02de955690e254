/** Settings of an AWS client that talks to an emulator: none of them looks at region and credentials. */
export const localClient = (endpoint: string) => ({
  region: 'eu-west-1',
  endpoint,
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});
