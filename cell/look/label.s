// This file is empty: it lets package look declare a function without a body.
