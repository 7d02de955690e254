import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startPlayedStack } from './played-stack.ts';

/**
 * The memory of `usher import` with as many contacts as are asked for: the command as people run it, and everything behind it played by
 * one server. At 50 contacts a second, which is its fastest, 100,000 take 34 minutes. `npm run trial:import -- 10000`
 */
const goal = 150;
const count = Number(process.argv[2] ?? 100_000);
/** Says at the end what the process took, in kilobytes. */
const hook = "process.on('exit',()=>process.stderr.write('peak '+process.resourceUsage().maxRSS+'\\n'))";

const stack = await startPlayedStack(count);
try {
  // Not with `node`: what its first line says counts.
  const usher = join(import.meta.dirname, '../../bin/usher.ts');
  const args = [
    'import',
    'encharge',
    '--all',
    '--yes',
    '--rate',
    '50',
    '--json',
    '--port',
    String(stack.port),
  ];
  const child = spawn(usher, args, {
    cwd: stack.folder,
    env: { ...process.env, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await ended) as [number | null];
  const megabytes = Number(/^peak (\d+)$/m.exec(err)?.[1]) / 1024;
  const last: unknown = JSON.parse(out.trim().split('\n').at(-1) ?? '{}');
  const isGood = code === 0 && megabytes < goal;
  process.stdout.write(
    `${isGood ? 'ok  ' : 'MUCH'} ${count} contacts: ended with ${code}, ${megabytes.toFixed(0)} MB at most, ${JSON.stringify(last)}\n`,
  );
  if (!isGood) process.stderr.write(err);
  process.exitCode = isGood ? 0 : 1;
} finally {
  await stack.stop();
}
