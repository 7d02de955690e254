import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { LocalStackError } from './local-stack-error.ts';

const oldestMajor = 17;
const howToInstall = `DynamoDB Local needs Java ${oldestMajor} or newer on the PATH; a runtime without a compiler is enough. Install one, for example with "apt install default-jre-headless", "brew install openjdk" or from https://adoptium.net, and start again.`;

/** Says why a Java program did not start: Java is missing, too old, or else what the program printed last. */
export async function explainJavaFailure(
  command: string,
  spawnError: Error | undefined,
  lastLines: readonly string[],
): Promise<LocalStackError> {
  const version = spawnError ? undefined : await javaVersion(command);
  if (version === undefined) {
    return new LocalStackError(`Java was not found (tried "${command}"). ${howToInstall}`, {
      cause: spawnError,
    });
  }
  if (version.major < oldestMajor) {
    return new LocalStackError(`The Java found here is ${version.name}, which is too old. ${howToInstall}`);
  }
  const said = lastLines.length > 0 ? `It said last:\n${lastLines.join('\n')}` : 'It printed nothing.';
  return new LocalStackError(
    `DynamoDB Local ended before it was ready (Java ${version.name}, "${command}"). ${said}`,
  );
}

async function javaVersion(command: string): Promise<{ name: string; major: number } | undefined> {
  try {
    const { stdout, stderr } = await promisify(execFile)(command, ['-version'], { timeout: 10_000 });
    return parseJavaVersion(stderr + stdout);
  } catch {
    // macOS has a `java` that only says there is no Java, and fails: the same as none.
    return undefined;
  }
}

/** Reads `java -version`: `"1.8.0_402"` is Java 8, `"17.0.15"` and `"25-ea"` begin with the number that counts. */
export function parseJavaVersion(output: string): { name: string; major: number } | undefined {
  const name = /version "([^"]+)"/.exec(output)?.[1];
  const major = name && /^(?:1\.)?(\d+)/.exec(name)?.[1];
  return name && major ? { name, major: Number(major) } : undefined;
}
