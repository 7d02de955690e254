/** People of the CRM sandbox, by number: from the first to before the last. */
export interface People {
  first: number;
  count: number;
}

export const personId = (number: number) => `b0000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

export function idsOf({ first, count }: People): string[] {
  return Array.from({ length: count }, (_, index) => personId(first + index));
}
