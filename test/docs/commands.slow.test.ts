import { testCommands } from './commands.ts';
import { documents, isSlow } from './documents.ts';

for (const document of documents()) if (isSlow(document)) testCommands(document);
