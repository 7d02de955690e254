import { randomUUID } from 'node:crypto';
import { Reply } from './api-answer.ts';
import type { Json } from './json.ts';

/** What the account's owner knows, by the names of the connector's `secrets`: `apiToken` always; `accessToken` and `refreshToken` where one has to sign in. */
export type Secrets = Readonly<Record<string, string>>;

/** How an access token is got where it ends after a while. */
export interface SignIn {
  /** `POST /oauth/v2/token`: the method and the whole path. */
  request: string;
  /** How long a token lives. */
  seconds: number;
  /** Each answer brings another refresh token, and the one before ends. */
  rotates?: boolean;
  /** Whether the body has the right secrets. */
  accepts(body: Json | undefined, secrets: Secrets): boolean;
  answer(tokens: {
    accessToken: string;
    refreshToken: string;
    seconds: number;
    /** Of the server, for CRMs that tell where their API is. */
    origin: string;
  }): object;
  /** For wrong secrets; `invalid_grant` of OAuth unless told. */
  refused?: Reply;
}

/** The secrets of an account, and the tokens that it gives out. */
export class Session {
  readonly #signIn: SignIn | undefined;
  readonly #now: () => Date;
  #given: Secrets;
  #endsAt = 0;

  constructor(signIn: SignIn | undefined, secrets: Secrets, now: () => Date) {
    this.#signIn = signIn;
    this.#given = secrets;
    this.#now = now;
  }

  isSignIn(method: string, path: string): boolean {
    return this.#signIn?.request === `${method} ${path}`;
  }

  /** What is valid now. An access token that has ended is one that nobody can know. */
  secrets(): Secrets {
    const isOver = this.#signIn && this.#now().getTime() >= this.#endsAt;
    return isOver ? { ...this.#given, accessToken: randomUUID() } : this.#given;
  }

  /** Gives out a new access token, if the secrets are right. */
  signIn(body: Json | undefined, origin: string): Reply {
    if (!this.#signIn?.accepts(body, this.#given)) {
      return this.#signIn?.refused ?? new Reply(400, { error: 'invalid_grant' });
    }
    const { seconds, rotates } = this.#signIn;
    const accessToken = randomUUID();
    const refreshToken = rotates ? randomUUID() : String(this.#given['refreshToken']);
    this.#given = { ...this.#given, accessToken, refreshToken };
    this.#endsAt = this.#now().getTime() + seconds * 1000;
    return new Reply(200, this.#signIn.answer({ accessToken, refreshToken, seconds, origin }));
  }
}
