import type { ClientView, MessageView } from '../model.ts';
import type { SearchCommands, SearchQuery, SearchView } from '../search-model.ts';
import { searchOver } from './finder.ts';

/** The search, as a screen asks for it. */
export abstract class SearchFace implements SearchCommands {
  readonly #find = searchOver(this);

  abstract view(): ClientView;
  abstract messages(cid: string): readonly MessageView[];

  search(query: SearchQuery): SearchView {
    return this.#find(query);
  }
}
