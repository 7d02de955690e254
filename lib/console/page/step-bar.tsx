import type { ShownLine } from '../answers.ts';
import { msOf, steps } from '../chart-data.ts';

/** What a line took, step by step. The whole bar is as long as the line took, up to two seconds. */
export function StepBar({ shown }: { shown: ShownLine }) {
  const total = msOf(shown, 'total') ?? 0;
  const parts = steps
    .filter((step) => step !== 'total')
    .map((step) => ({ step, ms: msOf(shown, step) ?? 0 }));
  const label = parts.filter(({ ms }) => ms > 0).map(({ step, ms }) => `${step} ${ms} ms`);
  return (
    <span class="bar" title={label.join(', ')}>
      <span
        class="track"
        aria-hidden="true"
        style={{ width: `${Math.min(total / 2000, 1) * 3.5 + 0.25}rem` }}
      >
        {parts.map(({ step, ms }) => (
          <span key={step} class={`step-${step}`} style={{ flexGrow: total === 0 ? 0 : ms }} />
        ))}
        <span style={{ flexGrow: Math.max(total - parts.reduce((sum, { ms }) => sum + ms, 0), 0) }} />
      </span>
      <span>{total} ms</span>
    </span>
  );
}
