/** What a template may name: see docs/welcome-mail.md. `{{value}}` is escaped in the HTML part. */

const subject = '[{{site_name}}] Your address was taken off an account';

const text = `Hello,

an account at {{site_name}} was kept under this address, {{email}}. It has got another one now.

Its password and its links do not work any more, and no further mails about it go here.

You did not expect this? Then answer this mail, or write to {{site_name}}.

{{site_name}}
{{site_url}}
`;

const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Your address was taken off an account</title>
</head>
<body style="margin:0;padding:32px 16px;font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:24px;">
<p>Hello,</p>
<p>an account at {{site_name}} was kept under this address, {{email}}. It has got another one now.</p>
<p>Its password and its links do not work any more, and no further mails about it go here.</p>
<p>You did not expect this? Then answer this mail, or write to {{site_name}}.</p>
<p><a href="{{site_url}}">{{site_name}}</a></p>
</body>
</html>
`;

/** The mail to the address before, without any configuration. */
export const movedTemplates = { subject, text, html } as const;
