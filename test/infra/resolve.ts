const pseudo: Record<string, string> = {
  'AWS::AccountId': '000000000000',
  'AWS::Region': 'eu-west-1',
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** What CloudFormation would put in place of a reference; for a queue's `Ref` a URL, else something with its id. */
function reference(id: string): string {
  if (pseudo[id] !== undefined) return pseudo[id];
  return /Queue/.test(id) ? `https://sqs.eu-west-1.amazonaws.com/000000000000/${id}.fifo` : `ref-${id}`;
}

/** A template's value with its intrinsic functions replaced by sample values. */
export function resolve(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolve);
  if (typeof value !== 'object' || value === null) return value;
  const [name = '', ...others] = Object.keys(value);
  const [content] = Object.values(value) as unknown[];
  if (others.length === 0 && name === 'Ref') return reference(String(content));
  if (others.length === 0 && name === 'Fn::GetAtt') return `arn:${(content as string[]).join('.')}`;
  if (others.length === 0 && name === 'Fn::Join') {
    const [separator, parts] = content as [string, unknown[]];
    return parts.map((part) => String(resolve(part))).join(separator);
  }
  if (name.startsWith('Fn::')) throw new Error(`${name} is not known here`);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner)]));
}
