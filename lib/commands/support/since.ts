const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * The moment that `--since` names: `90s`, `30m`, `1h` or `7d` ago, or an ISO date. Undefined when the text names none.
 */
export function since(text: string, now: Date): Date | undefined {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) {
    return new Date(now.getTime() - Number(count) * unitMs[unit as keyof typeof unitMs]);
  }
  if (!/^\d{4}-\d\d-\d\d/.test(text)) return undefined;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
