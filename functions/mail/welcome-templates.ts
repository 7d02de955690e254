/** What a template may name: see docs/welcome-mail.md. `{{value}}` is escaped in the HTML part. */

const subject = '[{{site_name}}] Your account';

const text = `Hello{{#first_name}} {{first_name}}{{/first_name}},

you now have an account at {{site_name}}.

Your username: {{login}}

Choose a password here:
{{link}}

The link works once, for {{valid_hours}} hours.

You did not expect this? Then you can ignore this mail.

{{site_name}}
{{site_url}}
`;

/** Tables and inline styles: what mail clients agree on. Colours work on light and dark backgrounds. */
const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>Your account at {{site_name}}</title>
<style>
@media (prefers-color-scheme: dark) {
  .page { background: #16181c !important; }
  .card { background: #22252b !important; border-color: #363b44 !important; }
  .ink { color: #f1f3f5 !important; }
  .soft { color: #b4bac3 !important; }
  .well { background: #2d3139 !important; }
}
</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f4f5f7;">
<div style="display:none;max-height:0;overflow:hidden;">Choose a password for your account at {{site_name}}.</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="background:#f4f5f7;">
<tr><td align="center" style="padding:32px 16px;">
  <table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" style="max-width:520px;background:#ffffff;border:1px solid #e3e6ea;border-radius:12px;font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;">
  <tr><td style="padding:32px 32px 0;">
    <p class="soft" style="margin:0 0 24px;font-size:14px;line-height:20px;color:#5c6570;overflow-wrap:anywhere;">{{site_name}}</p>
    <h1 class="ink" style="margin:0 0 16px;font-size:24px;line-height:32px;font-weight:600;color:#16191d;overflow-wrap:anywhere;">Hello{{#first_name}} {{first_name}}{{/first_name}}</h1>
    <p class="ink" style="margin:0 0 24px;font-size:16px;line-height:24px;color:#16191d;">You now have an account. Choose a password, and you can log in.</p>
  </td></tr>
  <tr><td style="padding:0 32px;">
    <table role="presentation" class="well" width="100%" cellpadding="0" cellspacing="0" style="background:#f4f5f7;border-radius:8px;"><tr><td style="padding:12px 16px;">
      <p class="soft" style="margin:0;font-size:13px;line-height:20px;color:#5c6570;">Your username</p>
      <p class="ink" style="margin:0;font-size:16px;line-height:24px;font-weight:600;color:#16191d;overflow-wrap:anywhere;">{{login}}</p>
    </td></tr></table>
  </td></tr>
  <tr><td style="padding:24px 32px;">
    <table role="presentation" cellpadding="0" cellspacing="0"><tr><td style="border-radius:8px;background:#1f5fd6;">
      <a href="{{link}}" style="display:inline-block;padding:14px 24px;font-size:16px;line-height:20px;font-weight:600;color:#ffffff;text-decoration:none;">Choose a password</a>
    </td></tr></table>
    <p class="soft" style="margin:16px 0 0;font-size:14px;line-height:20px;color:#5c6570;">The link works once, for {{valid_hours}} hours.</p>
  </td></tr>
  <tr><td style="padding:0 32px 32px;">
    <p class="soft" style="margin:0 0 8px;font-size:13px;line-height:20px;color:#5c6570;">If the button does not work, copy this address into your browser:</p>
    <p class="soft" style="margin:0 0 16px;font-size:13px;line-height:20px;color:#5c6570;overflow-wrap:anywhere;word-break:break-all;">{{link}}</p>
    <p class="soft" style="margin:0;font-size:13px;line-height:20px;color:#5c6570;">You did not expect this? Then you can ignore this mail.</p>
  </td></tr>
  </table>
  <p class="soft" style="margin:16px 0 0;font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:13px;line-height:20px;color:#5c6570;"><a class="soft" href="{{site_url}}" style="color:#5c6570;">{{site_name}}</a></p>
</td></tr>
</table>
</body>
</html>
`;

/** The welcome mail without any configuration. */
export const defaultTemplates = { subject, text, html } as const;
