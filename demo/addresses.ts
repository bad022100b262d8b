const BASE_PATH = "/demo";

/** Where everything of the shop lives, as paths on its own host. */
export const paths = {
  home: `${BASE_PATH}/`,
  everything: `${BASE_PATH}/category/all/`,
  search: `${BASE_PATH}/search/`,
  cart: `${BASE_PATH}/cart/`,
  wishlist: `${BASE_PATH}/wishlist/`,
  checkout: `${BASE_PATH}/checkout/`,
  confirmation: `${BASE_PATH}/checkout/confirmation/`,
  account: `${BASE_PATH}/account/`,
  /** Answered by the shop's server. */
  login: `${BASE_PATH}/login`,
  story: `${BASE_PATH}/story/`,
  delivery: `${BASE_PATH}/delivery/`,
  brewing: `${BASE_PATH}/brewing/`,
};

export function categoryPath(slug: string): string {
  return `${BASE_PATH}/category/${slug}/`;
}

export function productPath(slug: string): string {
  return `${BASE_PATH}/product/${slug}/`;
}

export function imagePath(name: string): string {
  return `${BASE_PATH}/images/${name}.svg`;
}

export function searchPath(query: string): string {
  return `${paths.search}?${new URLSearchParams({ q: query })}`;
}
