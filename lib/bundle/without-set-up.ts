import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';
import ts from 'typescript';

/** Members of a connector that the documents, the commands and the check of the configuration read, and the function never. */
const forSetUp = new Set(['settings', 'known', 'notes', 'setup', 'defaultFields', 'hasSeenFields']);

/** And a member of its API that only imports ask for. */
const forImports = new Set(['lists']);

/** The members to leave out of the connector that a file exports. */
function membersOf(source: ts.SourceFile): ts.ObjectLiteralElementLike[] {
  const found: ts.ObjectLiteralElementLike[] = [];
  const nameOf = ({ name }: ts.ObjectLiteralElementLike) => name?.getText(source) ?? '';
  const firstObject = (node: ts.Node): ts.ObjectLiteralExpression | undefined =>
    ts.isObjectLiteralExpression(node) ? node : ts.forEachChild(node, firstObject);
  const look = (node: ts.Node): void => {
    const connector = firstObject(node);
    for (const member of connector?.properties ?? []) {
      if (forSetUp.has(nameOf(member))) found.push(member);
      if (nameOf(member) !== 'api' || !ts.isPropertyAssignment(member)) continue;
      const api = firstObject(member.initializer)?.properties ?? [];
      found.push(...api.filter((one) => forImports.has(nameOf(one))));
    }
  };
  for (const statement of source.statements) {
    const isExported = ts.isVariableStatement(statement) && statement.modifiers?.length;
    if (isExported) look(statement);
  }
  return found;
}

/** A connector's source without what only people read: with twenty of them, a third of their weight. */
export function withoutSetUp(text: string): string {
  const source = ts.createSourceFile('connector.ts', text, ts.ScriptTarget.Latest);
  return membersOf(source).reduceRight((left, member) => {
    const rest = left.slice(member.end).replace(/^\s*,/, '');
    return left.slice(0, member.getFullStart()) + rest;
  }, text);
}

/** Leaves out of the bundle what the function never reads of a connector. */
export const connectorsWithoutSetUp: Plugin = {
  name: 'connectors-without-set-up',
  setup(context) {
    context.onLoad({ filter: /[/\\]functions[/\\]crm[/\\]connectors[/\\][a-z]+\.ts$/ }, async ({ path }) => ({
      contents: withoutSetUp(await readFile(path, 'utf8')),
      loader: 'ts',
    }));
  },
};
