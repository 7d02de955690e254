const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Resolves when somebody wants the process to end: Ctrl-C, or a polite kill. The next signal of any kind ends it at once. */
export function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      for (const signal of signals) process.off(signal, end);
      resolve();
    };
    for (const signal of signals) process.on(signal, end);
  });
}
