import { useEffect, useMemo, useState } from 'preact/hooks';
import type uPlot from 'uplot';
import type { Depth } from '../answers.ts';
import { Chart, colour } from './chart.tsx';
import { read, words } from './server.ts';
import { colours } from './theme.ts';

const depthMs = 5000;
const mostDepths = 120;

function useDepths(): { depths: Depth[]; note: string } {
  const [depths, setDepths] = useState<Depth[]>([]);
  const [note, setNote] = useState('');
  useEffect(() => {
    const look = async () => {
      if (document.hidden) return;
      try {
        const depth = await read<Depth>('queue');
        setDepths((before) => [...before, depth].slice(-mostDepths));
        setNote('');
      } catch (error) {
        setNote(words(error));
      }
    };
    void look();
    const timer = setInterval(() => void look(), depthMs);
    return () => clearInterval(timer);
  }, []);
  return { depths, note };
}

/** How many jobs wait and rest, since the page was opened. */
export function QueueChart() {
  const { depths, note } = useDepths();
  const theme = colours.value;
  const series = useMemo(
    () => [
      { label: 'wait', stroke: colour('waits'), width: 1.5, points: { show: depths.length < 3 } },
      { label: 'rest', stroke: colour('refused'), width: 1.5, points: { show: false } },
    ],
    [theme, depths.length < 3],
  );
  // Of one moment uPlot makes a day.
  const data = useMemo<uPlot.AlignedData>(() => {
    const drawn = depths.length < 2 ? [] : depths;
    return [
      drawn.map(({ at }) => Date.parse(at) / 1000),
      drawn.map((one) => one.waiting),
      drawn.map((one) => one.taken),
    ];
  }, [depths]);
  const last = depths.at(-1);
  return (
    <figure>
      <figcaption>
        Queue:{' '}
        {last ? (
          <>
            <span class="badge waits">{last.waiting} wait</span>
            <span class="badge refused">{last.taken} are worked on or rest</span> <b>{last.dead}</b> given up
          </>
        ) : (
          note || 'looking …'
        )}
      </figcaption>
      <Chart label="Jobs in the queue since this page was opened" data={data} series={series} span={0} />
    </figure>
  );
}
