import { InvalidArgumentError, Option } from 'commander';

export const defaultPort = 4000;

/** The port of the local stack, the same for every command that starts or finds one. */
export function portOption(description: string): Option {
  return new Option('--port <number>', description).default(defaultPort).argParser((text) => {
    const port = Number(text);
    if (!/^\d{1,5}$/.test(text) || port > 65_535)
      throw new InvalidArgumentError('A port is a number up to 65535.');
    return port;
  });
}
