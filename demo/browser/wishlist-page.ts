import { wishlistView } from "../views/wishlist-view.ts";
import { showWishButtons } from "./header.ts";
import { wishlist } from "./shopper.ts";
import { showView } from "./view.ts";

export function startWishlistPage(): void {
  const show = (): void => {
    showView(wishlistView(wishlist.read()));
    showWishButtons();
  };
  wishlist.listen(show);
  show();
}
