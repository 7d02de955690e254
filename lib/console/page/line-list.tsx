import { effect, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { ShownLine } from '../answers.ts';
import { groupOf, msOf, steps } from '../chart-data.ts';
import { isBusy, isLoaded, shownLines } from './lines.ts';
import { useVirtualRows } from './virtual-rows.ts';

/** The line that is opened, and the one that the keys are at; by their numbers. */
export const opened = signal<ShownLine | undefined>(undefined);
const current = signal<number | undefined>(undefined);

// No row jumps under a pointer, below the first rows, or while one is opened.
const [isOver, isScrolled] = [signal(false), signal(false)];
effect(() => {
  isBusy.value = isOver.value || isScrolled.value || opened.value !== undefined;
});

const wide = matchMedia('(min-width: 60rem)');
const isWide = signal(wide.matches);
wide.addEventListener('change', () => {
  isWide.value = wide.matches;
});
const rowHeights = { wide: 34, narrow: 62 };

const text = (value: unknown) =>
  value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});
const day = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });

/** Time of day, with the date where it is not today's. */
export function shownTime(iso: string): string {
  const time = new Date(iso);
  const isToday = time.toDateString() === new Date().toDateString();
  return isToday ? clock.format(time) : `${day.format(time)} ${clock.format(time)}`;
}

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

/** Begin and end of a long id, which are what tells two apart; the title has all of it. */
function Id({ value }: { value: unknown }) {
  const id = text(value);
  return (
    <span role="gridcell" class="id" title={id}>
      {id.length > 20 ? `${id.slice(0, 8)}…${id.slice(-6)}` : id}
    </span>
  );
}

/** What a line says beside its result. */
function remark({ line }: ShownLine): string {
  const {
    error_code: code,
    deferred_by: deferred,
    warnings,
    changed,
    tags_added: added,
    tags_removed: removed,
  } = line;
  const parts = [
    text(code),
    text(deferred),
    Array.isArray(warnings) ? warnings.map(text).join(' ') : '',
    Array.isArray(changed) && changed.length > 0 ? `changed ${changed.length}` : '',
    added === undefined ? '' : `+${text(added)} tags`,
    removed === undefined ? '' : `−${text(removed)} tags`,
  ];
  return parts.filter(Boolean).join(' · ');
}

function Row({ shown, index, top }: { shown: ShownLine; index: number; top: number }) {
  const { line } = shown;
  const isCurrent = current.value === shown.seq;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys for all of its rows.
    <div
      role="row"
      tabIndex={-1}
      id={`line-${shown.seq}`}
      aria-rowindex={index + 1}
      aria-selected={opened.value?.seq === shown.seq}
      class={isCurrent ? 'row current' : 'row'}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => {
        current.value = shown.seq;
        opened.value = shown;
      }}
    >
      <span role="gridcell" class="time">
        {shownTime(shown.time)}
      </span>
      <span role="gridcell" class="kind">
        {text(line['message'])}
      </span>
      <span role="gridcell">{text(line['connection'])}</span>
      <span role="gridcell">{text(line['action'])}</span>
      <span role="gridcell">
        <span class={`badge ${groupOf(shown)}`}>{text(line['result'] ?? line['level'] ?? 'problem')}</span>
      </span>
      <span role="gridcell">
        <StepBar shown={shown} />
      </span>
      <Id value={line['contact_id']} />
      <Id value={line['user_id']} />
      <span role="gridcell" class="remark">
        {remark(shown)}
      </span>
    </div>
  );
}

/** Moves the mark by so many rows. */
export function moveCurrent(by: number): number {
  const list = shownLines.value;
  const at = list.findIndex(({ seq }) => seq === current.value);
  const next = at === -1 ? 0 : Math.min(Math.max(at + by, 0), list.length - 1);
  current.value = list[next]?.seq;
  if (opened.value) opened.value = list[next];
  return next;
}

export function openCurrent(): void {
  opened.value = shownLines.value.find(({ seq }) => seq === current.value);
}

/** Brings a row into sight; set while there is a list. */
export const list: { scrollTo?: (index: number) => void } = {};

/** The lines that are wanted, newest first. */
export function LineList() {
  const scroller = useRef<HTMLDivElement>(null);
  const all = shownLines.value;
  const rows = useVirtualRows(all.length, isWide.value ? rowHeights.wide : rowHeights.narrow, scroller);
  list.scrollTo = rows.scrollTo;
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const handlers = {
      pointerenter: () => {
        isOver.value = true;
      },
      pointerleave: () => {
        isOver.value = false;
      },
      scroll: () => {
        isScrolled.value = element.scrollTop > 0;
      },
    };
    for (const [name, handler] of Object.entries(handlers)) element.addEventListener(name, handler);
    return () => {
      for (const [name, handler] of Object.entries(handlers)) element.removeEventListener(name, handler);
      [isOver.value, isScrolled.value] = [false, false];
    };
  }, []);
  return (
    <div class="lines" ref={scroller}>
      <div
        role="grid"
        aria-label="Webhooks and jobs, newest first"
        aria-rowcount={all.length}
        aria-activedescendant={current.value === undefined ? undefined : `line-${current.value}`}
        tabIndex={0}
        class="rows"
        style={{ height: `${Math.max(rows.height, 1)}px` }}
      >
        {rows.items.map(({ index, start }) => {
          const shown = all[index];
          return shown && <Row key={shown.seq} shown={shown} index={index} top={start} />;
        })}
      </div>
      {all.length === 0 && <p class="empty">{isLoaded.value ? 'No such lines yet.' : 'Reading the log …'}</p>}
    </div>
  );
}
