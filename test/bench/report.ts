/** One row of a table: cells as they are shown. */
export type Row = readonly (string | number)[];

/** Prints to the terminal that started the bench. */
export function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** Prints a table with the first column to the left and the others to the right. */
export function printTable(title: string, head: Row, rows: readonly Row[]): void {
  const all = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('   ')
      .trimEnd();
  print(`\n${title}\n`);
  const [first = [], ...others] = all;
  print(`  ${line(first)}`);
  print(`  ${widths.map((width) => '─'.repeat(width)).join('   ')}`);
  for (const row of others) print(`  ${line(row)}`);
}
