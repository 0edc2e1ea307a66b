"""Impact: what a revision of a fee schedule would have meant for last year's contracts; reads, owns no facts."""
