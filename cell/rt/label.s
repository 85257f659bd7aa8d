// This file is empty: it lets package rt declare a function without a body.
