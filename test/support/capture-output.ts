import { jest } from '@jest/globals';

/** Keeps what this process writes to itself. What is returned ends that, and gives the text. */
export function captureOutput(): () => string {
  const texts: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockImplementation((text) => {
      texts.push(String(text));
      return true;
    }),
  );
  return () => {
    for (const spy of spies) spy.mockRestore();
    return texts.join('');
  };
}
