import tseslint from 'typescript-eslint';

// Biome lints and formats. Only what needs types stands here: in a Lambda a floating promise is lost work.
export default tseslint.config(
  { ignores: ['dist/', 'cdk.out/', 'coverage/'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/require-await': 'error',
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector:
            "ImportDeclaration[source.value='zod'][importKind!='type'] > :not(ImportNamespaceSpecifier)[type=/Import.*Specifier/]",
          message: "Write `import * as z from 'zod'`: the named import bundles six times as much.",
        },
      ],
    },
  },
);
