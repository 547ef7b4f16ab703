"""A web application that shows what reached it. Platform tests run it as a task; it has no other use.

GET  /                      a page that says its name
ANY  /echo…                 the request as seen here, as JSON
GET  /about                 user, folders, environment, counters of requests
GET  /ws                    WebSocket echo, text and binary, offered subprotocol taken; ?close=CODE closes after one message
GET  /events?count&interval Server-Sent Events
GET  /file?size             SIZE bytes with ranges, ETag and HEAD
GET  /down?size             the same bytes, streamed in chunks of unknown total length
ANY  /up                    length and SHA-256 of the body
GET  /cookies?c=…           each c as one Set-Cookie header
ANY  /status/CODE?to=…      that status; `to` is its Location
GET  /slow?seconds          answers late; a client that leaves is counted as aborted
POST /memory?bytes          takes that much memory
"""

import asyncio
import hashlib
import json
import os

from aiohttp import BasicAuth, WSMsgType, web

import life

PATTERN = bytes(range(256)) * 256
routes = web.RouteTableDef()
counters = {"requests": 0, "aborted": 0, "sockets": 0}
hoard = []


@web.middleware
async def count(request, handler):
    counters["requests"] += 1
    try:
        return await handler(request)
    except (asyncio.CancelledError, ConnectionError):
        counters["aborted"] += 1
        raise


@web.middleware
async def guard(request, handler):
    password = os.environ.get("AUTH_PASS")
    expected = password and BasicAuth(os.environ.get("AUTH_USER") or "user", password).encode()
    if expected and request.headers.get("Authorization") != expected:
        return web.Response(status=401, headers={"WWW-Authenticate": 'Basic realm="web-echo"'})
    return await handler(request)


@routes.get("/")
async def index(request):
    page = "<!doctype html><html lang=en><title>web-echo</title><h1>web-echo</h1><p>It runs.</p>"
    return web.Response(text=page, content_type="text/html")


@routes.route("*", "/echo{rest:.*}")
async def echo(request):
    body = await request.read()
    return web.json_response(
        {
            "method": request.method,
            "target": request.raw_path,
            "headers": [[name.decode(), value.decode("latin-1")] for name, value in request.raw_headers],
            "body": body.decode("latin-1"),
        }
    )


@routes.get("/about")
async def about(request):
    facts = {"uid": os.getuid(), "cwd": os.getcwd(), "env": dict(os.environ), "counters": counters}
    return web.json_response(facts)


@routes.get("/ws")
async def websocket(request):
    offered = [name.strip() for name in request.headers.get("Sec-WebSocket-Protocol", "").split(",") if name.strip()]
    socket = web.WebSocketResponse(protocols=offered[:1], max_msg_size=0)
    await socket.prepare(request)
    counters["sockets"] += 1
    try:
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                await socket.send_str(message.data)
            elif message.type == WSMsgType.BINARY:
                await socket.send_bytes(message.data)
            if "close" in request.query:
                await socket.close(code=int(request.query["close"]), message=b"asked for")
    finally:
        counters["sockets"] -= 1
    return socket


@routes.get("/events")
async def events(request):
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    for number in range(int(request.query.get("count", "3"))):
        await response.write(f"id: {number}\ndata: {json.dumps({'number': number})}\n\n".encode())
        await asyncio.sleep(float(request.query.get("interval", "0.1")))
    return response


def pattern(start, stop):
    """The bytes START…STOP of an endless 0, 1, … 255, 0, … in pieces."""
    while start < stop:
        offset = start % 256
        piece = PATTERN[offset : offset + stop - start]
        yield piece
        start += len(piece)


async def send(request, response, start, stop):
    await response.prepare(request)
    if request.method != "HEAD":
        for piece in pattern(start, stop):
            await response.write(piece)
    return response


@routes.get("/file")
async def file(request):
    size = int(request.query.get("size", "1000"))
    headers = {"Content-Type": "application/octet-stream", "Accept-Ranges": "bytes", "ETag": f'"{size}"'}
    wanted = request.http_range
    if wanted.start is None and wanted.stop is None:
        return await send(request, web.StreamResponse(headers={**headers, "Content-Length": str(size)}), 0, size)
    start, stop, _ = wanted.indices(size)
    if start >= stop:
        return web.Response(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    headers |= {"Content-Range": f"bytes {start}-{stop - 1}/{size}", "Content-Length": str(stop - start)}
    return await send(request, web.StreamResponse(status=206, headers=headers), start, stop)


@routes.get("/down")
async def down(request):
    response = web.StreamResponse(headers={"Content-Type": "application/octet-stream"})
    response.enable_chunked_encoding()
    return await send(request, response, 0, int(request.query.get("size", "1000")))


@routes.route("*", "/up")
async def up(request):
    digest, length = hashlib.sha256(), 0
    async for piece in request.content.iter_any():
        digest.update(piece)
        length += len(piece)
    return web.json_response({"length": length, "sha256": digest.hexdigest()})


@routes.get("/cookies")
async def cookies(request):
    response = web.json_response({"received": request.headers.getall("Cookie", [])})
    for cookie in request.query.getall("c", []):
        response.headers.add("Set-Cookie", cookie)
    return response


@routes.route("*", "/status/{code:\\d+}")
async def status(request):
    headers = {"Location": request.query["to"]} if "to" in request.query else {}
    return web.Response(status=int(request.match_info["code"]), headers=headers)


@routes.get("/slow")
async def slow(request):
    await asyncio.sleep(float(request.query.get("seconds", "1")))
    return web.json_response({"slept": True})


@routes.post("/memory")
async def memory(request):
    hoard.append(b"x" * int(request.query["bytes"]))
    return web.json_response({"held": sum(map(len, hoard))})


def application():
    app = web.Application(middlewares=[count, guard], client_max_size=1 << 40)
    app.add_routes(routes)
    app.cleanup_ctx.append(life.chatter)
    base = (os.environ.get("BASE_URL") or "/").rstrip("/")
    if not base:
        return app
    outer = web.Application()
    outer.add_subapp(base, app)
    return outer


if __name__ == "__main__":
    life.begin()
    # A handler is told when its client leaves, so that aborts are counted.
    web.run_app(
        application(),
        host="0.0.0.0",
        port=int(os.environ.get("BASE_PORT") or 8080),
        handler_cancellation=True,
        handle_signals=not life.ignores_term(),
        shutdown_timeout=1,
        access_log=None,
        print=life.say,
    )
