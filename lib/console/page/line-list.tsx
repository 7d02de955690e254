import { effect, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { ShownLine } from '../answers.ts';
import { groupOf } from '../chart-data.ts';
import { isBusy, isLoaded, shownLines } from './lines.ts';
import { shownTime } from './shown-time.ts';
import { StepBar } from './step-bar.tsx';
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
const heights = { wide: { row: 34, heading: 34 }, narrow: { row: 62, heading: 0 } };

const text = (value: unknown) =>
  value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);

/** Begin and end of a long id, which are what tells two apart; the title has all of it. */
function Id({ of, value }: { of: 'contact' | 'user'; value: unknown }) {
  const id = text(value);
  return (
    <span role="gridcell" class={of} title={id}>
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
  const result = text(line['result'] ?? line['level'] ?? 'problem');
  const said = remark(shown);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys for all of its rows.
    <div
      role="row"
      tabIndex={-1}
      id={`line-${shown.seq}`}
      aria-rowindex={index + 2}
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
      <span role="gridcell" class="what">
        {text(line['message'])}
      </span>
      <span role="gridcell" class="connection">
        {text(line['connection'])}
      </span>
      <span role="gridcell" class="action">
        {text(line['action'])}
      </span>
      <span role="gridcell" class="result">
        <span class={`badge ${groupOf(shown)}`} title={result}>
          {result}
        </span>
      </span>
      <span role="gridcell" class="took">
        <StepBar shown={shown} />
      </span>
      <Id of="contact" value={line['contact_id']} />
      <Id of="user" value={line['user_id']} />
      <span role="gridcell" class="remark" title={said}>
        {said}
      </span>
    </div>
  );
}

const columns = ['Time', 'What', 'Connection', 'Action', 'Result', 'Took', 'Contact', 'User', 'Remark'];

function Heading() {
  return (
    <div role="row" aria-rowindex={1} class="row heading">
      {columns.map((title) => (
        <span key={title} role="columnheader" class={title.toLowerCase()}>
          {title}
        </span>
      ))}
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
  const { row, heading } = isWide.value ? heights.wide : heights.narrow;
  const rows = useVirtualRows(all.length, row, scroller, heading);
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
        aria-rowcount={all.length + 1}
        aria-activedescendant={current.value === undefined ? undefined : `line-${current.value}`}
        tabIndex={0}
        class="rows"
      >
        <Heading />
        <div role="rowgroup" class="all" style={{ height: `${Math.max(rows.height, 1)}px` }}>
          {rows.items.map(({ index, start }) => {
            const shown = all[index];
            return shown && <Row key={shown.seq} shown={shown} index={index} top={start} />;
          })}
        </div>
      </div>
      {all.length === 0 && <p class="empty">{isLoaded.value ? 'No such lines yet.' : 'Reading the log …'}</p>}
    </div>
  );
}
