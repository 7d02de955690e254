/**
 * Environment variables that keep the function's memory small; for the stack's function, and for whoever measures the
 * bundle as it runs there. Without them 2,000 webhooks take a process to 400 MB, with them to 120 MB; the difference is
 * what V8 and the C library would keep for later.
 */
export const runtimeEnvironment = {
  /** How far V8's space for young objects may grow, in MB. A webhook makes less than one. */
  NODE_OPTIONS: '--max-semi-space-size=4',
  /**
   * Larger blocks go back to the system when they are freed, in bytes. By default glibc learns from the first 19 MiB of a
   * password hash to keep such blocks, one for each of Node's threads.
   *
   * https://man7.org/linux/man-pages/man3/mallopt.3.html
   */
  MALLOC_MMAP_THRESHOLD_: '1048576',
} as const;
