import '@picocss/pico/css/pico.classless.min.css';
import 'uplot/dist/uPlot.min.css';
import './colours.css';
import './frame.css';
import './form.css';
import './marks.css';
import './charts.css';
import './lines.css';
import './rows.css';
import './details.css';
import './cards.css';
import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import type { About } from '../answers.ts';
import { goTo, type PagePath, pages, path } from './address.ts';
import { AgainPage } from './again-page.tsx';
import { Keys } from './keys.tsx';
import { loadLines } from './lines.ts';
import { LivePage } from './live-page.tsx';
import { MailPage } from './mail-page.tsx';
import { SandboxPage } from './sandbox-page.tsx';
import { about, problem, read, words } from './server.ts';
import { SetupPage } from './setup-page.tsx';
import { theme, themes } from './theme.ts';
import { UsersPage } from './users-page.tsx';

const views: Record<PagePath, () => preact.JSX.Element> = {
  '/': LivePage,
  '/again': AgainPage,
  '/users': UsersPage,
  '/mail': MailPage,
  '/setup': SetupPage,
  '/sandbox': SandboxPage,
};

const againMs = 2000;

/** What the page is over. The stack may be stopped: then it is asked again until it is back. */
async function loadAbout(): Promise<void> {
  try {
    about.value = await read<About>('about');
    problem.value = undefined;
  } catch (error) {
    problem.value = words(error);
    setTimeout(() => void loadAbout(), againMs);
  }
}

function Header() {
  return (
    <header class="top">
      <strong>
        Usher <span class="soft">{about.value?.title ?? ''}</span>
        {about.value?.readOnly !== undefined && (
          <span class="badge waits" title={about.value.readOnly}>
            reads only
          </span>
        )}
      </strong>
      <nav aria-label="Pages">
        {Object.entries(pages).map(([target, title]) => (
          <a
            key={target}
            href={target}
            aria-current={path.value === target ? 'page' : undefined}
            onClick={(event) => {
              event.preventDefault();
              goTo(target as PagePath);
            }}
          >
            {title}
          </a>
        ))}
      </nav>
      <label class="theme">
        <span class="unseen">Colours</span>
        <select
          value={theme.value}
          onChange={(event) => {
            theme.value = themes.find((name) => name === event.currentTarget.value) ?? 'system';
          }}
        >
          {themes.map((name) => (
            <option key={name} value={name}>
              {name === 'system' ? 'system colours' : name}
            </option>
          ))}
        </select>
      </label>
    </header>
  );
}

function Page() {
  useEffect(() => {
    void loadAbout();
    void loadLines();
  }, []);
  useEffect(() => {
    document.title = `${pages[path.value]} – Usher, ${about.value?.title ?? 'console'}`;
  }, [path.value, about.value]);
  const View = views[path.value];
  return (
    <>
      <Header />
      <div class="problem" role="alert">
        {problem.value ?? ''}
      </div>
      {/* What may be chosen and what may be written is known from then on. */}
      <main>{about.value && <View />}</main>
      <Keys />
    </>
  );
}

const place = document.getElementById('page');
if (place) render(<Page />, place);
