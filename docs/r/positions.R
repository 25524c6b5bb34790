# Who says what on asylum, since when, and who agrees with whom: base R, no packages.
#
#   Rscript docs/r/positions.R [ADDRESS [CHART.pdf]]
#
# Needs a running service (make serve). Prints its figures as CSV at the end.

arguments <- commandArgs(trailingOnly = TRUE)
service <- if (length(arguments) > 0) arguments[1] else "http://localhost:8000"
chart <- if (length(arguments) > 1) arguments[2] else NA

# One edition for all that follows, whatever is published meanwhile.
health <- paste(readLines(paste0(service, "/health"), warn = FALSE), collapse = "")
digest <- sub('.*"digest": ?"([0-9a-f]{64})".*', "\\1", health)
edition <- paste0(service, "/edition/", digest)
table_at <- function(path) read.csv(paste0(edition, path), encoding = "UTF-8", na.strings = "")

# 1. Positions of two groups over time. Undated documents have no `from`.
positions <- table_at("/api/timeline?issue=asylum&actor=spd&actor=cducsu&lang=en&format=csv")
positions$year <- format(as.Date(positions$from), "%Y")
print(table(positions$year, positions$agreement, positions$actor_label, useNA = "ifany"))

# 2. The matrix: an actor in each row, a proposition in each column, agreement from -1 to 1. NA means that there is
#    nothing to compare: nobody looked, or no position was found. `status` tells which; neither is neutral.
cells <- table_at("/api/matrix?issue=asylum&lang=en&format=csv")
print(table(cells$status))
stands <- tapply(cells$agreement, list(cells$actor_label, cells$proposition_label), mean)

# 3. On how many propositions do two actors agree, of those on which both take a side?
sides <- sign(stands)
sides[is.na(sides)] <- 0
agreed <- sides %*% t(sides)
both <- abs(sides) %*% t(abs(sides))
often <- both["SPD", ] >= 5
share <- (agreed["SPD", often] + both["SPD", often]) / (2 * both["SPD", often])
print(round(sort(share, decreasing = TRUE), 2))

# 4. A question of your own, in SPARQL.
question <- "
PREFIX mp: <https://w3id.org/migration-policy/ontology#>
SELECT ?actor (COUNT(DISTINCT ?position) AS ?positions) {
  ?position mp:heldBy ?actor ; mp:concernsIssue <https://w3id.org/migration-policy/id/issue/asylum>
}
GROUP BY ?actor ORDER BY DESC(?positions) ?actor"
counted <- table_at(paste0("/sparql?format=csv&query=", URLencode(question, reserved = TRUE)))
print(head(counted))

if (!is.na(chart)) {
  pdf(chart, width = 10, height = 6)
  par(mar = c(4, 20, 2, 1))
  barplot(sort(share), horiz = TRUE, las = 1, xlab = "share of propositions on which the SPD agrees", main = substr(digest, 1, 12))
  invisible(dev.off())
}

figures <- data.frame(
  figure = c("positions", "dated", "cells", "agrees", "SPD with itself", "actors in SPARQL", "positions in SPARQL"),
  value = c(
    nrow(positions), sum(!is.na(positions$year)), nrow(cells), sum(cells$status == "agrees"), both["SPD", "SPD"],
    nrow(counted), sum(counted$positions)
  )
)
write.csv(figures, row.names = FALSE, quote = FALSE)
