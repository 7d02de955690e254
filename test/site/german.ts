import type { ConfigInput } from '../../functions/config/define-config.ts';

/** Everything that people and developers read, in German. */
export const german = {
  site: {
    name: 'Beispiel & Söhne',
    url: 'https://www.example.com',
    loginUrl: 'https://www.example.com/anmelden',
    language: 'de',
    accentColor: '#7a1f3d',
    passwords: { minLength: 15 },
    texts: {
      setPasswordTitle: 'Passwort wählen',
      setPasswordIntro: 'Für Ihr Konto bei {{site_name}}.',
      username: 'Benutzername',
      newPassword: 'Neues Passwort',
      passwordHint:
        'Mindestens {{min_length}} Zeichen, gleich welche. Einige Wörter hintereinander merken sich leicht.',
      savePassword: 'Passwort speichern',
      passwordTooShort: 'Das sind weniger als {{min_length}} Zeichen.',
      passwordTooLong: 'Das sind mehr als 256 Bytes, und mehr heben wir nicht auf.',
      passwordCommon: 'Dieses Passwort haben viele; es wird als eines der ersten probiert.',
      passwordGuessable: 'Das ist Ihr eigener Name, Ihre Adresse oder der Name der Seite.',
      passwordRepeated: 'Das ist immer dasselbe Zeichen.',
      linkOverTitle: 'Dieser Link gilt nicht mehr',
      linkOverText:
        'Er wurde schon benutzt, ein neuerer wurde geschickt, oder er ist älter als {{valid_hours}} Stunden.',
      sendNewLink: 'Neuen Link schicken',
      forgotTitle: 'Passwort vergessen?',
      forgotIntro: 'Geben Sie Adresse oder Benutzernamen Ihres Kontos bei {{site_name}} ein.',
      addressOrUsername: 'E-Mail-Adresse oder Benutzername',
      sendLink: 'Link schicken',
      sentTitle: 'Sehen Sie in Ihr Postfach',
      sentText: 'Wenn es ein solches Konto gibt, ist eine Mail mit einem Link unterwegs.',
      toSite: 'Zu {{site_name}}',
      problemTitle: 'Das ging nicht',
    },
    errors: {
      invalid_login: 'Benutzername oder Passwort ist falsch.',
      invalid_parameter: 'Ein Parameter fehlt oder ist falsch: {{parameter}}.',
      invalid_site_key: 'Der Schlüssel der Seite fehlt, ist falsch oder widerrufen.',
      link_over: 'Dieser Link gilt nicht mehr.',
      malformed_body: 'Der Inhalt ist nicht lesbar: Es muss {{expected}} sein.',
      method_not_allowed: 'Diese Methode geht hier nicht.',
      not_found: 'Hier ist nichts.',
      password_refused: 'Dieses Passwort geht nicht.',
      payload_too_large: 'Der Inhalt ist größer als 16 KB.',
      too_many_tries: 'Zu viele Versuche. Warten Sie eine Weile.',
      unavailable: 'Das geht gerade nicht. Versuchen Sie es gleich noch einmal.',
      internal_error: 'Etwas ging schief. Der Betreiber weiß Bescheid.',
      user_not_found: 'Diesen Benutzer gibt es nicht.',
    },
  },
  mail: {
    from: 'Beispiel & Söhne <hallo@example.com>',
    templates: {
      subject: '[{{site_name}}] Ihr Konto',
      text: 'Hallo {{display_name}},\n\nSie haben ein Konto. Benutzername: {{login}}\n\n{{link}}\n\nDer Link gilt {{valid_hours}} Stunden.\n',
      html: '<p>Hallo {{display_name}}, Benutzername: {{login}}</p><p><a href="{{link}}">Passwort wählen</a></p>',
    },
    movedTemplates: {
      subject: '[{{site_name}}] Ihre Adresse gehört zu keinem Konto mehr',
      text: 'Das Konto zu {{email}} hat jetzt eine andere Adresse.\n',
      html: '<p>Das Konto zu {{email}} hat jetzt eine andere Adresse.</p>',
    },
    linkTemplates: {
      subject: '[{{site_name}}] Neues Passwort wählen',
      text: 'Hallo {{display_name}},\n\n{{link}}\n\nDer Link gilt {{valid_hours}} Stunden.\n',
      html: '<p>Hallo {{display_name}},</p><p><a href="{{link}}">Passwort wählen</a></p>',
    },
    changedTemplates: {
      subject: '[{{site_name}}] Ihr Passwort wurde geändert',
      text: 'Hallo {{display_name}}, das waren nicht Sie? {{forgot_url}}\n',
      html: '<p>Hallo {{display_name}}, das waren nicht Sie? <a href="{{forgot_url}}">Neues Passwort</a></p>',
    },
  },
} as const satisfies Pick<ConfigInput, 'site' | 'mail'>;
