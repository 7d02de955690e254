import { useMemo, useState } from 'preact/hooks';
import type uPlot from 'uplot';
import type { ShownLine } from '../answers.ts';
import { buckets, groups, type Step, steps, stepTable } from '../chart-data.ts';
import { Chart, colour } from './chart.tsx';
import { Select } from './fields.tsx';
import { shownLines } from './lines.ts';
import { QueueChart } from './queue-chart.tsx';
import { about } from './server.ts';
import { colours } from './theme.ts';

function resultSeries(): uPlot.Series[] {
  return groups.toReversed().map((group) => ({
    label: group,
    stroke: colour(group),
    fill: colour(`${group}-soft`),
    width: 1.5,
    points: { show: false },
  }));
}

/** Each on top of the ones before, the highest first, so that the lower ones cover it. */
function stacked(counts: Record<(typeof groups)[number], number[]>): number[][] {
  const sums: number[][] = [];
  for (const group of groups) {
    const below = sums.at(-1);
    sums.push(counts[group].map((count, index) => count + (below?.[index] ?? 0)));
  }
  return sums.toReversed();
}

function stepOptionsOf(shown: readonly ShownLine[]): (readonly [step: Step, title: string])[] {
  const table = new Map(stepTable(shown).map((row) => [row.step, row] as const));
  return steps.map((step) => {
    const row = table.get(step);
    return [step, row ? `${step}: ${row.p50} and ${row.p95} ms` : step] as const;
  });
}

/** As the chart's lines are coloured. */
const stepLabel = (
  <>
    <span class="badge done">p50</span> and <span class="badge waits">p95</span> of
  </>
);

/** Results and times of the lines that are shown, and the queue. */
export function Charts() {
  const [step, setStep] = useState<Step>('total');
  const shown = shownLines.value;
  const theme = colours.value;
  const data = useMemo(() => buckets(shown.toReversed(), step), [shown, step]);
  const stepOptions = useMemo(() => stepOptionsOf(shown), [shown]);
  const results = useMemo(resultSeries, [theme]);
  const times = useMemo<uPlot.Series[]>(
    () => [
      { label: 'p50', stroke: colour('done'), width: 1.5, spanGaps: true, points: { show: false } },
      { label: 'p95', stroke: colour('waits'), width: 1.5, spanGaps: true, points: { show: false } },
    ],
    [theme],
  );
  const resultData = useMemo<uPlot.AlignedData>(() => [data.times, ...stacked(data.counts)], [data]);
  const timeData = useMemo<uPlot.AlignedData>(() => [data.times, data.p50, data.p95], [data]);
  const link = about.value?.dashboardUrl;
  return (
    <section class="charts" aria-label="Charts">
      <figure>
        <figcaption>
          Results:{' '}
          {groups.map((group) => (
            <span key={group} class={`badge ${group}`}>
              {group}
            </span>
          ))}
        </figcaption>
        <Chart
          label="Webhooks and jobs over time, by result"
          data={resultData}
          series={results}
          span={data.span}
        />
      </figure>
      <figure>
        <figcaption>
          <Select label={stepLabel} value={step} onChange={setStep} options={stepOptions} />
        </figcaption>
        <Chart
          label={`Milliseconds of ${step} over time: p50 and p95`}
          data={timeData}
          series={times}
          span={data.span}
        />
      </figure>
      <QueueChart />
      {link !== undefined && (
        <p>
          Longer ranges:{' '}
          <a href={link} target="_blank" rel="noreferrer noopener">
            the stack’s dashboard
          </a>
        </p>
      )}
    </section>
  );
}
