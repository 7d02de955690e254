/** The HTML of a mail that is a few paragraphs, in the reader's own colours. Both may hold placeholders and tags. */
export function plainHtml(title: string, paragraphs: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
</head>
<body style="margin:0;padding:32px 16px;font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:24px;">
${paragraphs.map((text) => `<p>${text}</p>`).join('\n')}
<p><a href="{{site_url}}">{{site_name}}</a></p>
</body>
</html>
`;
}

/** The text of the same mail. */
export const plainText = (paragraphs: readonly string[]): string =>
  `${paragraphs.join('\n\n')}\n\n{{site_name}}\n{{site_url}}\n`;
