# The sidecar as an image. Parsed by a test, not built by one.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=development
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /partner-center ./cmd/partner-center

FROM gcr.io/distroless/static-debian12:nonroot
LABEL org.opencontainers.image.licenses="GPL-3.0-or-later"
COPY --from=build /partner-center /partner-center
EXPOSE 8377
ENTRYPOINT ["/partner-center"]
CMD ["serve"]
