package app

import "net/http"

// pages are the desk's pages for people.
func (a *App) pages() http.Handler { return http.NotFoundHandler() }
